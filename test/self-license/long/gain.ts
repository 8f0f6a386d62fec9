import fc from 'fast-check'
import { day, type GuardModule, good, hour, license, Machine, second } from '../world.ts'
import { attack, begin, type Command, claim, machine, perform } from './commands.ts'
import type { Property } from './properties.ts'

/**
 * Grace gained by restarts, replayed files, deletion and clock changes. The model keeps its own
 * lower bound of real time, from what a process on this machine must have lived through, and knows
 * every license that was ever there. Serving beyond the longest of them is a gain.
 */
export function gainProperties(module: GuardModule): Property[] {
  const search = (state: 'kept' | 'any') =>
    fc.property(
      fc.array(attack(state), { minLength: 3, maxLength: 30 }),
      fc.integer({ min: 2, max: 200 }),
      (commands, expires) => {
        const one = machine(module, expires * hour)
        const licenses = [
          one.reading,
          good(
            license('older', {
              issued: begin - 60 * day,
              expires: begin + expires * hour - 50 * hour,
            }),
          ),
          good(
            license('newer', {
              issued: begin - 2 * day,
              expires: begin + expires * hour + 30 * hour,
            }),
          ),
        ]
        const model = createModel(one)
        one.start()
        for (const command of commands) {
          model.before()
          perform(one, command, licenses)
          model.after(command)
          const { line, floor } = one.certain()
          const late = model.bound() - Math.max(one.wall, line, floor)
          claim(late < slack, `judges by a time ${late / second} s late, after ${command.do}`)
          claim(
            !one.serves || model.bound() < model.end + slack,
            `serves ${(model.bound() - model.end) / second} s beyond, after ${command.do}`,
          )
          claim(
            !one.serves || model.servedByAFirstStart(module),
            `${one.state()}, a first start is not`,
          )
        }
      },
    )
  return [
    { name: 'G1 with state kept nothing gains time', property: search('kept') },
    {
      name: 'G2 with state deleted or replayed never more than a first start with that clock',
      property: search('any'),
    },
  ]
}

/** The tolerance of the clock; a crystal may be wrong by 500 ppm on top, which the bound allows. */
const slack = 5 * second

function createModel(one: Machine) {
  let floor = one.wall
  let at = one.true
  let wall = one.wall
  /** Lived since the last start without state. */
  let age = 0
  let copied: number | undefined
  const seen = new Set<Machine['reading']>()
  const see = () => {
    if (one.reading.ok) seen.add(one.reading)
  }
  const signed = (pick: (claims: { issuedAt: number; expiresAt: number }) => number) =>
    [...seen].map(reading => (reading.ok ? pick(reading.license.claims) * 1000 : 0))
  see()
  return {
    bound: () => floor,
    get end() {
      return Math.max(...signed(claims => claims.expiresAt)) + day
    },
    before() {
      at = one.true
      wall = one.wall
    },
    after(command: Command) {
      see()
      const off = command.do === 'reboot' ? command.down : 0
      const passed = one.true - at - off
      age += passed
      floor += passed * (1 - 500e-6)
      const state = command.do === 'restart' || command.do === 'reboot' ? command.state : 'kept'
      if (command.do === 'copy state') copied ??= floor
      // A machine that nobody knows yet may have had a wrong clock for an hour.
      const early = age < hour + 3 * second && one.wall < wall + passed - second
      if (state !== 'kept') age = 0
      if (state === 'deleted') floor = one.wall
      // A copy knows what was certain when it was made.
      if (state === 'old') floor = Math.min(one.wall, copied ?? floor)
      if (early) floor = Math.min(floor, one.wall)
      if (one.reading.ok) floor = Math.max(floor, one.reading.license.claims.issuedAt * 1000)
    },
    /** On a clean machine with this very clock and the best of all licenses. */
    servedByAFirstStart(module: GuardModule): boolean {
      const best = [...seen].toSorted((a, b) => exp(b) - exp(a))[0]
      if (!best) return false
      const fresh = new Machine(module, one.true, best)
      fresh.skew = one.skew
      fresh.start()
      // Ahead by a step that is not believed yet, it would be over and this one is still in grace.
      return fresh.serves || one.guard.clock.ahead?.from !== undefined
    },
  }
}

function exp(reading: Machine['reading']): number {
  return reading.ok ? reading.license.claims.expiresAt : 0
}
