import fc from 'fast-check'
import { day, type GuardModule, hour, minute, missing, second } from '../world.ts'
import { claim, honest, honestFiles, machine, perform } from './commands.ts'
import type { Property } from './properties.ts'

const timeEvent = /^license\.time/

/** What holds while nobody touches the clock. */
export function honestProperties(module: GuardModule): Property[] {
  return [
    {
      name: 'P1 suspend, NTP below 1 s, leap seconds, restarts and reboots are no time event',
      property: fc.property(
        fc.array(honest, { minLength: 3, maxLength: 20 }),
        fc.integer({ min: -40, max: 400 }),
        (commands, expires) => {
          const one = machine(module, expires * hour).start()
          const own = [one.reading]
          for (const command of commands) {
            perform(one, command, own)
            claim(!one.events().some(event => timeEvent.test(event)), `time event: ${command.do}`)
            claim(one.guard.clock.tamper === undefined, `clock grace: ${command.do}`)
          }
        },
      ),
    },
    {
      name: 'P2 a license is valid until exp, in grace until exp + 24 h and over then, whatever is restarted, deleted or replayed',
      property: fc.property(
        fc.array(honest, { minLength: 3, maxLength: 20 }),
        fc.integer({ min: -40, max: 60 }),
        (commands, expires) => {
          const one = machine(module, expires * hour).start()
          const own = [one.reading]
          const exp = one.true + expires * hour
          let slack = 3 * second
          const check = () => {
            const past = one.true - exp
            if (past < -slack)
              claim(one.state() === 'valid', `${one.state()} ${past} ms before exp`)
            if (past > 3 * second && past < day - slack) {
              claim(one.state() === 'grace', `${one.state()} ${past} ms after exp`)
              claim(one.guard.problem === 'expired', `grace for ${one.guard.problem}`)
              claim(one.guard.until === exp + day, 'grace ends at exp + 24 h')
            }
            if (past > day + 3 * second)
              claim(one.state() === 'over', `${one.state()} ${past} ms after`)
          }
          check()
          for (const command of commands) {
            // What was lived after the last saving is taken as one interval of saving.
            if (command.do === 'reboot' && !command.clean) slack = minute + 3 * second
            perform(one, command, own)
            check()
          }
        },
      ),
    },
    {
      name: 'P3 without a good license: grace for 24 h of lived time, never beyond exp + 24 h; restarts with state do not extend it',
      property: fc.property(
        fc.array(honestFiles('kept'), { minLength: 3, maxLength: 24 }),
        fc.integer({ min: 5, max: 90 }),
        (commands, expires) => {
          const one = machine(module, expires * hour).start()
          const own = [one.reading]
          const exp = one.true + expires * hour
          let badFrom: { lived: number; lost: number; over: boolean } | undefined
          for (const command of commands) {
            const wasBad = !one.reading.ok
            const { lived } = one
            const wasOver = one.state() === 'over'
            perform(one, command, own)
            if (one.reading.ok) badFrom = undefined
            // The first bad read is the first sample of the minute.
            else if (!wasBad) badFrom = { lived: lived + 15 * second, lost: 0, over: wasOver }
            // An unclean end is charged with one interval of saving.
            if (wasBad && badFrom && command.do === 'reboot' && !command.clean)
              badFrom.lost += minute
            if (badFrom) {
              const long = one.lived - badFrom.lived + badFrom.lost
              const { problem, until = 0 } = one.guard
              claim(one.state() !== 'valid', 'valid without a license')
              if (long - badFrom.lost >= day + 3 * second)
                claim(one.state() === 'over', `${one.state()} after ${long}`)
              const early =
                long < day - 3 * second && one.true < exp + day - badFrom.lost - 3 * second
              if (early && !badFrom.over) {
                claim(one.state() === 'grace', `${one.state()} after ${long}`)
                const why = one.reading === missing ? 'missing' : 'invalid'
                const late = one.true > exp - badFrom.lost - 3 * second
                claim(problem === why || (late && problem === 'expired'), `grace for ${problem}`)
                const end = Math.min(exp + day, one.wall + day - long)
                claim(
                  Math.abs(until - end) < 3 * second + badFrom.lost,
                  `grace ends ${until - end} ms later`,
                )
              }
              claim(until <= exp + day, 'grace beyond exp + 24 h')
            } else if (one.true < exp - minute - 3 * second) {
              claim(one.state() === 'valid', `${one.state()} with a good license`)
            }
            if (one.true > exp + day + 3 * second)
              claim(one.state() === 'over', 'over after exp + 24 h')
          }
        },
      ),
    },
    {
      name: 'P4 state that is deleted or replayed gives nothing: not valid without a license, not served past exp + 24 h',
      property: fc.property(
        fc.array(honestFiles('any'), { minLength: 3, maxLength: 24 }),
        fc.integer({ min: 5, max: 90 }),
        (commands, expires) => {
          const one = machine(module, expires * hour).start()
          const own = [one.reading]
          const exp = one.true + expires * hour
          for (const command of commands) {
            perform(one, command, own)
            if (!one.reading.ok) claim(one.state() !== 'valid', 'valid without a license')
            if (one.true > exp + day + 3 * second)
              claim(!one.serves, `${one.state()} past exp + 24 h`)
          }
          one.reading = missing
          one.startAfresh()
          claim(one.state() === 'unlicensed', `${one.state()} with neither license nor state`)
        },
      ),
    },
  ]
}
