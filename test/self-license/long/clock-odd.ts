import fc from 'fast-check'
import { day, type GuardModule, good, hour, license, minute, second } from '../world.ts'
import { anything, begin, claim, machine, perform } from './commands.ts'
import type { Property } from './properties.ts'

const manipulated = 'license.time_manipulation_detected'
const drifted = 'license.time_drift_detected'
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const coarse = 10 * minute

/** What holds of bad crystals, paused machines, snapshots, and of everything at once. */
export function oddProperties(module: GuardModule): Property[] {
  return [
    {
      name: 'P9 whatever happens nothing throws, the state has its reason and its end, and the events tell every change of it once',
      property: fc.property(
        fc.array(anything, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: -100, max: 2000 }),
        (commands, expires) => {
          const one = machine(module, expires * hour).start()
          const later = { issued: begin, expires: begin + (expires + 500) * hour }
          const soon = {
            issued: begin - day,
            expires: begin + expires * hour,
            notBefore: begin + day,
          }
          const own = [one.reading, good(license('b', later)), good(license('c', soon))]
          let seen = 0
          let told = 'start'
          const check = () => {
            for (const { event } of one.log.slice(seen)) {
              if (event === 'license.grace_mode_entered') told = 'grace'
              if (event === 'license.grace_period_ended') told = 'over'
              if (event === 'license.grace_mode_exited') {
                claim(told === 'grace' || told === 'over', `exited from ${told}`)
                told = 'valid'
              }
            }
            seen = one.log.length
            const { state, problem, until } = one.guard
            claim((state === 'valid') === (problem === undefined), `${state} for ${problem}`)
            const ends = state === 'grace' || state === 'over'
            claim(ends === (until !== undefined), `${state} until ${until}`)
            // What is left of grace, seen from a clock that may stand at 1970.
            claim(until === undefined || until > -day, `ends at ${until}`)
            if (ends) claim(told === state, `${state} was told as ${told}`)
            else claim(told !== 'grace' && told !== 'over', `${state} was told as ${told}`)
          }
          check()
          for (const command of commands) {
            perform(one, command, own)
            // State that is not this process's own tells another story.
            if ((command.do === 'restart' || command.do === 'reboot') && command.state !== 'kept') {
              told = one.state() === 'grace' || one.state() === 'over' ? one.state() : 'start'
              seen = one.log.length
            }
            check()
          }
        },
      ),
    },
    {
      name: 'P10 a crystal that is wrong by up to 400 ppm and corrected by steps is no manipulation',
      property: fc.property(
        fc.constantFrom([57, 144], [-57, 144], [100, 72], [200, 36], [400, 18], [-400, 18]),
        fc.integer({ min: 3, max: 14 }),
        ([ppm = 0, ticks = 1], days) => {
          const one = machine(module, 400 * day).start()
          for (let n = 0; n < days; n++) {
            for (let tick = 0; tick < ticks; tick++) {
              const error = coarse * ppm * 1e-6
              one.skew += error
              one.bootedAt -= error
              one.tick(coarse)
            }
            one.step(-one.skew)
            claim(!one.events().includes(manipulated), `false alarm after ${n + 1} corrections`)
            claim(one.state() === 'valid', one.state())
          }
          // More than a crystal can be wrong: 3 s an hour.
          const other = machine(module, 400 * day).start()
          for (let n = 0; n < 12; n++) {
            other.pass(hour, coarse)
            other.step(-3 * second)
          }
          claim(other.events().includes(manipulated), 'steps of 3 s an hour are not found')
        },
      ),
    },
    {
      name: 'P11 a paused virtual machine whose agent steps the clock forward is a warning and nothing else',
      property: fc.property(
        fc.integer({ min: 6, max: 86_400 * 40 }),
        fc.integer({ min: 2, max: 300 }),
        (paused, before) => {
          const one = machine(module, 400 * day).start()
          one.pass(before * 6 * minute, hour)
          one.true += paused * second
          one.skew -= paused * second
          one.bootedAt += paused * second
          one.tick(second)
          one.step(paused * second)
          claim(
            Math.abs(one.wall - one.certain().line - paused * second) < second,
            'believed at once',
          )
          one.pass(30 * hour, hour)
          claim(one.events().filter(event => event === drifted).length === 1, 'one warning')
          claim(!one.events().includes(manipulated), 'manipulation')
          claim(one.state() === 'valid', one.state())
          claim(one.guard.clock.ahead === undefined, 'the line follows after 24 h')
          // From then on that time counts as lived.
          one.step(-Math.max(paused, 60) * second)
          one.pass(3 * hour, coarse)
          claim(one.state() === 'grace', 'set back after 24 h')

          // Switched off for as long: no event, and the line follows after 24 h of running.
          const off = machine(module, 10 * day).start()
          off.pass(before * 6 * minute, hour)
          off.stop(true)
          off.reboot(paused * second)
          off.start()
          for (let hours = 0; hours < 26; hours += 2) {
            const behind = off.wall - off.certain().line
            if (hours < 24) claim(behind > (paused - 1) * second, `believed after ${hours} h`)
            off.pass(hour, coarse)
            off.stop(true)
            off.true += hour
            off.start()
          }
          claim(Math.abs(off.wall - off.certain().line) < second, 'not believed after 24 h')
          claim(!off.events().some(event => event.startsWith('license.time')), 'a time event')
          // Small steps ahead do not make it forget that the license is over.
          const end = begin + 11 * day
          off.stop(true)
          off.reboot(2 * hour + (paused % 690_000) * second)
          off.start()
          while (off.true < end + hour) {
            off.step(6 * second)
            off.pass(20 * hour, hour)
          }
          claim(off.state() === 'over', `${off.state()} after exp + 24 h`)
        },
      ),
    },
    {
      name: 'P12 a restored snapshot (all clocks since boot go back) and a slowed /proc/uptime do not hide time',
      property: fc.property(
        fc.integer({ min: 10, max: 86_400 }),
        fc.integer({ min: 12, max: 300 }),
        real(0.01, 0.9),
        (gone, before, slower) => {
          const one = machine(module, 400 * day).start()
          one.pass(before * 6 * minute, hour)
          one.true += gone * second
          one.bootedAt += 2 * gone * second
          one.tick(second)
          one.pass(3 * hour, coarse)
          claim(!one.events().includes(manipulated), 'a snapshot is no manipulation')
          claim(one.state() === 'valid', one.state())
          one.pass(25 * hour, hour)
          one.suspend(before * hour)
          one.pass(minute)
          claim(one.guard.clock.ahead === undefined, 'sleep is no step')
          claim(Math.abs(one.wall - one.certain().line) < second, 'the line follows after sleep')
          // The clock stands nearly still, and so does uptime; the monotonic clock does not.
          const slow = machine(module, 10 * hour).start()
          for (let passed = 0; passed < 12 * hour; passed += coarse) {
            const hidden = coarse * slower
            slow.skew -= hidden
            slow.bootedAt += hidden
            slow.slept -= hidden
            slow.tick(coarse)
          }
          claim(slow.events().includes(manipulated), 'a slowed uptime hides time')
          claim(slow.guard.clock.lived > 11.9 * hour, `lived ${slow.guard.clock.lived / hour} h`)
        },
      ),
    },
  ]
}
