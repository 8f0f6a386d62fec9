import fc from 'fast-check'
import type { LicenseReading } from '../../../exporter/self-license/guard.ts'
import { day, type GuardModule, good, hour, license, missing, second } from '../world.ts'
import { begin, claim, machine } from './commands.ts'
import type { Property } from './properties.ts'

const refusals = /^license\.(missing|verification_failed)$/
const torn = (content: string): LicenseReading => ({ ok: false, code: 'signature', content })

/** What holds of license files and what is said of them. */
export function fileProperties(module: GuardModule): Property[] {
  return [
    {
      name: 'F1 a bad file counts after 30 s and 3 reads; each bad content is told once, a later one after 3 reads',
      property: fc.property(
        fc.array(
          fc.record({
            what: fc.constantFrom('good', 'missing', 'torn', 'worse'),
            reads: fc.integer({ min: 1, max: 5 }),
            every: fc.constantFrom(4, 15, 40),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        fc.boolean(),
        (pieces, restart) => {
          const one = machine(module, 90 * day).start()
          const own = one.reading
          const contents = { good: own, missing, torn: torn('a'), worse: torn('b') }
          let [bad, reads, same, since] = ['', 0, 0, 0]
          let settled = false
          let told = ''
          let expected = 0
          const readOnce = (what: keyof typeof contents) => {
            if (what === 'good') {
              ;[bad, reads, same, settled, told] = ['', 0, 0, false, '']
              return
            }
            if (reads === 0) since = one.true
            same = what === bad ? same + 1 : 1
            ;[bad, reads] = [what, reads + 1]
            const before = settled
            settled ||= reads >= 3 && one.true - since >= 30 * second
            if (settled && told !== what && (!before || told === '' || same >= 3)) {
              told = what
              expected++
            }
          }
          for (const { what, reads: times, every } of pieces) {
            one.reading = contents[what]
            for (let n = 0; n < times; n++) {
              one.tick(every * second)
              readOnce(what)
              claim(
                (one.state() === 'grace') === settled,
                `${one.state()} after ${reads} bad reads`,
              )
              const found = one.events().filter(event => refusals.test(event)).length
              claim(found === expected, `told ${found} times instead of ${expected}`)
            }
          }
          if (restart) {
            const count = one.log.length
            one.stop(true)
            one.start()
            const again = one.log.slice(count)
            if (settled && told === bad) claim(again.length === 0, `told again: ${again[0]?.event}`)
            claim(settled || reads === 0 || one.state() === 'grace', 'no debounce at a start')
          }
        },
      ),
    },
    {
      name: 'F2 another license is taken at once and said so; one for later changes nothing until its time',
      property: fc.property(
        fc.array(fc.constantFrom('own', 'new', 'later', 'missing', 'restart'), {
          minLength: 2,
          maxLength: 14,
        }),
        fc.integer({ min: 1, max: 40 }),
        (happenings, hours) => {
          const one = machine(module, 90 * day).start()
          const start = begin + hours * hour
          const contents = {
            own: one.reading,
            new: good(license('new', { issued: begin - day, expires: begin + 99 * day })),
            later: good(
              license('later', { issued: begin, expires: begin + 99 * day, notBefore: start }),
            ),
            missing,
          }
          let inForce = 'own'
          let gone = false
          let last = ''
          for (const what of happenings) {
            const before = { taken: one.taken, log: one.log.length, state: one.state() }
            if (what === 'restart') {
              one.stop(true)
              one.start()
              const problem = one.reading === missing
              claim(
                one.state() === (gone || problem ? 'grace' : 'valid'),
                `${one.state()} at start`,
              )
              gone ||= problem
              continue
            }
            one.reading = contents[what]
            for (let n = 0; n < 5; n++) one.tick(15 * second)
            const told = one.events().slice(before.log)
            const reloaded = told.filter(event => event === 'license.reloaded').length
            const due = what !== 'later' || one.true > start
            const early = told.filter(event => event === 'license.verification_failed').length
            claim(early === (due || last === 'later' ? 0 : 1), `refused ${early} times`)
            last = what === 'missing' || !due ? what : ''
            if (what === 'missing') gone = true
            else if (due) {
              const news = what !== inForce || gone
              claim(one.taken - before.taken === (news ? 1 : 0), `taken ${one.taken}`)
              claim(reloaded === (news ? 1 : 0), `${reloaded} times reloaded`)
              claim(one.guard.current?.fingerprint === what, 'it is in force')
              ;[inForce, gone] = [what, false]
            } else {
              claim(one.taken === before.taken && reloaded === 0, 'taken before its time')
              claim(one.guard.current?.fingerprint === inForce, 'the old one is kept')
              claim(one.state() === before.state, `${before.state} became ${one.state()}`)
            }
            claim(one.state() === (gone ? 'grace' : 'valid'), `${one.state()} with ${what}`)
            one.tick(hour)
            if (what === 'later' && one.true > start) [inForce, gone, last] = ['later', false, '']
          }
        },
      ),
    },
    {
      name: 'F3 of the thresholds 30 d, 7 d, 24 h and 1 h each license passes, the most urgent is told once, restarts with state included',
      property: fc.property(
        fc.integer({ min: 1, max: 45 * 24 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean(), fc.boolean()), {
          minLength: 1,
          maxLength: 10,
        }),
        (left, pieces) => {
          const one = machine(module, left * hour).start()
          const own = one.reading
          const exp = begin + left * hour
          const level = () => {
            const rest = exp - one.true
            return [30 * day, day * 7, day, hour].filter(within => rest < within).length
          }
          const names = ['30d', '7d', '24h', '1h']
          let said = 0
          const check = (from: number) => {
            const told = one.log.slice(from).filter(({ event }) => event.includes('expiring'))
            const valid = one.state() === 'valid'
            const now = level()
            claim(told.length === (valid && now > said ? 1 : 0), `${told.length} told at ${now}`)
            if (valid) said = Math.max(said, now)
            const [first] = told
            if (!first) return
            claim(first.event === `license.expiring_${names[now - 1]}`, first.event)
            const days = Number((first.draft.attributes as Record<string, unknown>).days_remaining)
            const error = (exp - first.at) / day - days
            claim(error >= 0 && error < 1, `${days} days remaining`)
          }
          check(0)
          for (const [hours, restart, gone] of pieces) {
            one.reading = gone ? missing : own
            if (restart) {
              const from = one.log.length
              one.stop(true)
              one.true += hours * hour
              one.start()
              check(from)
              continue
            }
            for (let n = 0; n < 3; n++) {
              const from = one.log.length
              one.tick((hours * hour) / 3)
              check(from)
            }
          }
        },
      ),
    },
    {
      name: 'F4 what is over stays so until another license, or a good one with a good clock',
      property: fc.property(
        fc.integer({ min: 26, max: 200 }),
        fc.constantFrom('same', 'same, expired', 'new', 'new in grace', 'new and a bad clock'),
        fc.boolean(),
        (left, what, restart) => {
          const one = machine(module, left * hour).start()
          const own = one.reading
          one.pass(2 * hour, hour)
          one.reading = missing
          one.pass(hour)
          one.pass(24 * hour, hour)
          claim(one.state() === 'over', `${one.state()} after 24 h`)
          if (what.startsWith('same, exp')) {
            one.pass(Math.max(0, (left - 27) * hour + 2 * hour), hour)
          }
          if (what.endsWith('clock')) one.step(-hour)
          const expires = what === 'new in grace' ? one.true - hour : one.true + 50 * day
          const another = good(license('another', { issued: begin - 30 * day, expires }))
          one.reading = what.startsWith('same') ? own : another
          if (restart) {
            one.stop(true)
            one.start()
          } else one.tick(second)
          const fresh = what === 'new' || (what === 'same' && left > 28)
          const waits = what === 'same' && left <= 28
          if (fresh) claim(one.state() === 'valid', `${one.state()} with ${what}`)
          if (what === 'new in grace') claim(one.state() === 'grace', `${one.state()} with ${what}`)
          if (what === 'new and a bad clock' || what === 'same, expired') {
            claim(one.state() === 'over', `${one.state()} with ${what}`)
          }
          if (waits || !what.endsWith('clock')) return
          one.step(hour)
          one.pass(62 * 60 * second, 60 * second)
          claim(one.state() === 'valid', `${one.state()} when the clock is good again`)
        },
      ),
    },
  ]
}
