import fc from 'fast-check'
import { day, type GuardModule, hour, type Machine, minute, second } from '../world.ts'
import { begin, claim, machine } from './commands.ts'
import type { Property } from './properties.ts'

const manipulated = 'license.time_manipulation_detected'
const drifted = 'license.time_drift_detected'
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const coarse = 10 * minute

/** The last jump that was told, s. */
function jump(one: Machine): number {
  const told = one.log.findLast(({ event }) => event === manipulated)?.draft.attributes
  return Number((told as Record<string, unknown> | undefined)?.wall_clock_jump_seconds)
}

/** What holds when somebody sets the clock back. */
export function backProperties(module: GuardModule): Property[] {
  return [
    {
      name: 'P5 backward by more than 5 s, also in small steps within minutes, is manipulation and grace at once',
      property: fc.property(
        fc.array(fc.integer({ min: -4900, max: -1000 }), { minLength: 2, maxLength: 12 }),
        real(2, 40),
        (steps, before) => {
          const one = machine(module, 1000 * hour).start()
          one.pass(before * hour, hour)
          let sum = 0
          for (const by of steps) {
            one.step(by)
            sum += by
            const found = one.events().filter(event => event === manipulated).length
            if (sum < -5100) {
              claim(found > 0, `missed ${sum} ms`)
              claim(
                one.guard.problem === 'clock' && one.state() === 'grace',
                `state ${one.state()}`,
              )
              const first = one.log.find(({ event }) => event === manipulated)?.draft.attributes
              const jump = Number((first as Record<string, unknown>).wall_clock_jump_seconds)
              claim(jump < -4 && jump > -11, `jump of ${jump} s`)
            } else if (sum > -4900) claim(found === 0, `false alarm at ${sum} ms`)
          }
          one.step(-hour)
          claim(Math.abs(jump(one) + 3600) < 1, `told a jump of ${jump(one)} s`)
          // Forward the sums of one check count, from the lowest point in it.
          const other = machine(module, 1000 * hour).start()
          let [low, at] = [0, 0]
          for (const by of steps) {
            other.step(by % 2 === 0 ? -by : by / 4)
            at += by % 2 === 0 ? -by : by / 4
            low = Math.min(low, at)
            const drifts = other.events().filter(event => event === drifted).length
            if (at - low > 5100) {
              claim(drifts === 1, `${drifts} times drift at ${at - low} ms`)
              break
            }
            if (at - low < 4900) claim(drifts === 0, `drift at ${at - low} ms`)
            if (at < -4000 || at - low > 4900) break
          }
        },
      ),
    },
    {
      name: 'P6 a clock that stays set back: grace for 24 h of lived time and over then; restarts with state do not begin anew',
      property: fc.property(
        fc.integer({ min: -30 * 86_400, max: -26 * 3600 }),
        fc.array(
          fc.tuple(
            real(0.1, 20),
            fc.constantFrom('clean', 'killed', 'reboot', 'crash'),
            fc.boolean(),
          ),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        (by, pieces) => {
          const one = machine(module, 90 * day).start()
          one.pass(30 * hour, hour)
          one.step(by * second)
          claim(one.state() === 'grace', `${one.state()} after the step`)
          let lived = 0
          let ended: number | undefined
          const line = one.certain().line
          let charged = 0
          for (const [hours, end, late] of pieces) {
            const old = one.disk
            one.pass(hours * hour, coarse)
            lived += hours * hour
            one.stop(end === 'clean' || end === 'reboot')
            if (end === 'reboot' || end === 'crash') one.reboot(second, late ? 400 * day : second)
            // What was lived since the last saving, or may have been, is charged.
            if (end === 'crash') {
              lived += minute
              charged += minute
            }
            const ownState = end !== 'killed' || one.state() === 'over'
            one.start(ownState ? one.disk : old)
            const until = one.guard.until ?? 0
            const left = day - lived
            const { line: now, floor } = one.certain()
            const error = now - line - (lived - charged) * (1 - 500e-6)
            claim(Math.abs(error) < second, `the line is ${error} ms off`)
            if (end === 'crash') claim(floor > now + charged - second, 'it is not charged')
            if (left > 3 * second) {
              claim(one.state() === 'grace', `${one.state()} after ${lived}`)
              claim(Math.abs(until - one.wall - left) < 3 * second, `${until - one.wall} ms left`)
            }
            if (left < -3 * second) {
              claim(one.state() === 'over', `${one.state()} after ${lived}`)
              claim(Math.abs(one.wall + left - until) < 2 * minute + coarse, 'when it ended')
              claim(ended === undefined || ended === until, 'the end of grace moves')
              ended = until
            }
          }
          claim(!one.events().includes('license.grace_mode_exited'), 'left grace')
        },
      ),
    },
    {
      name: 'P7 a step forward that is taken back within 23 h is never refused and good again within 80 minutes; so is a clock that was wrong in the first hour ever, and in no later one',
      property: fc.property(
        fc.oneof(
          fc.integer({ min: 10, max: 19 * 86_400 }),
          fc.integer({ min: 10, max: 10 * 365 * 86_400 }),
        ),
        real(0.1, 23),
        real(1.2, 60),
        real(0.05, 2.5),
        (by, kept, before, first) => {
          const one = machine(module, 60 * day).start()
          one.pass(before * hour, hour)
          one.step(by * second)
          claim(one.events().includes(drifted), 'no drift told')
          claim(one.state() === (one.wall < begin + 60 * day ? 'valid' : 'grace'), 'judged by wall')
          for (let left = kept * hour; left > 0; left -= coarse) {
            one.tick(coarse)
            claim(one.serves, `${one.state()} during the step`)
          }
          one.stop(true)
          const [stopped, at] = [one.disk, one.true]
          one.step(-by * second)
          claim(one.state() === 'grace' && one.guard.problem === 'clock', 'no grace at once')
          one.pass(50 * minute, coarse)
          claim(one.state() === 'grace', 'good again too early')
          one.pass(30 * minute, coarse)
          claim(one.state() === 'valid', `${one.state()} 80 minutes later`)
          // While it stood ahead the line fell behind, as fast as a crystal may be wrong.
          if (kept < 1.2) {
            claim(one.guard.clock.ahead === undefined, 'the step is still there')
            claim(Math.abs(one.certain().line - one.wall) < second, 'the line does not follow')
          }
          // Taken back while nothing ran: the line never went there.
          one.log.length = 0
          one.start(stopped)
          claim(one.state() === 'valid' && one.log.length <= 1, `${one.state()} when nothing ran`)

          if (by < 20 * 86_400) {
            // Not quite back on the line.
            ;[one.skew, one.true] = [by * second, at]
            one.start(stopped)
            one.step(one.certain().line - one.wall - 9 * second)
            one.pass(70 * minute, coarse)
            claim(one.state() === 'grace', `${one.state()} 9 s below the line`)
            const told = one.events().filter(event => event === manipulated).length
            claim(told === 1, `told ${told} times`)
            ;[one.skew, one.true] = [by * second, at]
            one.start(stopped)
            one.step(one.certain().line - one.wall - 4.5 * second)
            one.pass(70 * minute, coarse)
            claim(one.state() === 'valid', `${one.state()} 4.5 s below the line`)
            one.step(-4 * second)
            claim(one.state() === 'grace', 'steps below the line do not add up')
          }

          const bad = machine(module, 60 * day)
          bad.skew = Math.min(by * second, 50 * day)
          bad.start()
          bad.pass(first * hour, 4 * minute)
          const pause = by % 2 === 0 ? kept / 10 : 0
          if (pause > 0) {
            bad.stop(true)
            bad.true += pause * hour
            bad.start()
          }
          bad.step(-bad.skew)
          claim(bad.state() === 'grace', `${bad.state()} with a bad clock`)
          bad.pass(80 * minute, coarse)
          const early = first + pause < 0.95
          if (early) claim(bad.state() === 'valid', `${bad.state()} after the first hour`)
          else if (first + pause > 1.1 && by > 30)
            claim(bad.state() === 'grace', 'forgiven too late')
        },
      ),
    },
    {
      name: 'P8 a clock set back while the program was stopped is found at the start; one before a signature or the build does not count',
      property: fc.property(
        fc.integer({ min: 6, max: 86_400 * 30 }),
        real(0.1, 40),
        fc.boolean(),
        real(0, 60),
        (by, before, reboot, down) => {
          const one = machine(module, 60 * day).start()
          one.pass(Math.min(before, 2) * hour, minute)
          one.pass(Math.max(0, before - 2) * hour, hour)
          one.stop(true)
          if (reboot) one.reboot(second)
          one.skew -= by * second + (reboot ? second : 0)
          one.start()
          const found = () => one.events().filter(event => event === manipulated).length
          claim(found() === 1, `found ${found()} times`)
          claim(one.state() === 'grace' && one.guard.problem === 'clock', `state ${one.state()}`)
          claim(Math.abs(jump(one) + by) < 2, `told a jump of ${jump(one)} s`)
          const again = machine(module, 60 * day)
          again.disk = one.disk
          again.true = one.true + down * hour
          again.bootedAt = one.bootedAt
          again.bootId = one.bootId
          again.skew = one.skew
          again.start()
          claim(!again.events().includes(manipulated), 'told again')
          again.pass(hour, coarse)
          again.stop(true)
          const further = 8 + (by % 4)
          again.skew -= further * second
          again.true += hour
          again.start()
          claim(again.events().includes(manipulated), 'not told when set back further')
          claim(Math.abs(jump(again) + further) < 4, `told a jump of ${jump(again)} s`)
          again.pass(80 * minute, coarse)
          if (by > 60 && before < 40) claim(again.state() !== 'valid', 'forgiven a second time')
          // It holds still: forgiven where it was wrong from the beginning, and only there.
          one.pass(80 * minute, coarse)
          const early = before < 0.9 && by > 30
          if (early) claim(one.state() === 'valid', `${one.state()} in the first hour`)
          if (before > 1.1 && by > 30) claim(one.state() === 'grace', `${one.state()} later`)

          // A clock at 1970: the signature says that it is later, and lived time goes on from it.
          const dead = machine(module, -30 * day + 100 * hour)
          dead.skew = -dead.true
          dead.start()
          let lived = 0
          for (const end of [down % 2 > 1, reboot, false]) {
            dead.pass((down + 4) * hour, hour)
            lived += (down + 4) * hour
            const past = lived / hour - 100
            if (past < -0.2) claim(dead.state() === 'valid', `${dead.state()} ${past} h after exp`)
            if (past > 0.2 && past < 23.8)
              claim(dead.state() === 'grace', `${dead.state()} ${past} h`)
            if (past > 24.2) claim(dead.state() === 'over', `${dead.state()} ${past} h after exp`)
            dead.stop(true)
            if (end) dead.reboot(0)
            else {
              dead.true += 10 * hour
              lived += 10 * hour
            }
            dead.start()
            const error = dead.certain().floor - (begin - 30 * day) - lived * (1 - 500e-6)
            claim(Math.abs(error) < second, `signed time is ${error} ms off`)
          }
        },
      ),
    },
  ]
}
