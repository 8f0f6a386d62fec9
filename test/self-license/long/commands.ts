import fc from 'fast-check'
import type { GuardModule } from '../world.ts'
import { good, hour, invalid, license, Machine, minute, missing, second } from '../world.ts'

/** What can happen to a machine, for all properties; times are ms. */
export type Command =
  | { do: 'run'; time: number }
  | { do: 'suspend'; time: number }
  | { do: 'adjust'; by: number }
  | { do: 'leap second' }
  | { do: 'step'; by: number }
  | { do: 'restart'; state: StateFate; clean: boolean }
  | { do: 'reboot'; down: number; state: StateFate; clean: boolean }
  | { do: 'copy state' }
  | { do: 'remove license' }
  | { do: 'spoil license' }
  | { do: 'restore license' }
  | { do: 'swap license'; to: number }
  | { do: 'kill loop'; times: number; run: number }

export type StateFate = 'kept' | 'deleted' | 'old'

const fate = fc.constantFrom<StateFate>('kept', 'deleted', 'old')
const kept = fc.constant<StateFate>('kept')
const tenths = (min: number, max: number, unit: number) =>
  fc.integer({ min: min * 10, max: max * 10 }).map(value => (value / 10) * unit)

const calm = [
  { weight: 4, arbitrary: fc.record({ do: fc.constant('run'), time: tenths(0.2, 30, hour) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend'), time: tenths(0.1, 72, hour) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('adjust'), by: fc.integer({ min: -900, max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leap second') }) },
] as const

const restarts = (state: fc.Arbitrary<StateFate>) =>
  [
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('restart'), state, clean: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('reboot'),
        down: fc.oneof(tenths(0.1, 60, hour), tenths(1, 60, second)),
        state,
        clean: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('copy state') }) },
  ] as const

const files = fc.record({
  do: fc.constantFrom('remove license', 'spoil license', 'restore license'),
})
const steps = fc.record({
  do: fc.constant('step'),
  by: fc.oneof(
    fc.integer({ min: -20, max: 20 }).map(value => value * second),
    fc.integer({ min: -40 * 24, max: 40 * 24 }).map(value => value * hour),
    fc.constantFrom(-3600 * 24 * 365 * 10_000, 3600 * 24 * 365 * 10_000),
  ),
})
/** Killed before anything is saved, rebooted, and the clock set back by what was lived. */
const loops = fc.record({
  do: fc.constant('kill loop'),
  times: fc.integer({ min: 1, max: 20 }),
  run: fc.integer({ min: 1, max: 4 }).map(n => n * 15 * second - second),
})
const swaps = fc.record({ do: fc.constant('swap license'), to: fc.integer({ min: 0, max: 2 }) })

const all = (...arbitraries: readonly unknown[]) =>
  fc.oneof(...(arbitraries as fc.WeightedArbitrary<Command>[]))

/** Nobody lies: suspend, NTP below 1 s, leap seconds, restarts; state may be lost or old. */
export const honest = all(...calm, ...restarts(fate))
export const honestKept = all(...calm, ...restarts(kept))
export const honestFiles = (state: 'kept' | 'any') =>
  all(...calm, ...restarts(state === 'kept' ? kept : fate), { weight: 3, arbitrary: files })
/** Everything at once. */
export const anything = all(
  ...calm,
  ...restarts(fate),
  { weight: 2, arbitrary: files },
  { weight: 3, arbitrary: steps },
  { weight: 1, arbitrary: swaps },
)
/** An attacker who keeps the state, or anybody's state. */
export const attack = (state: 'kept' | 'any') =>
  all(
    ...calm,
    ...restarts(state === 'kept' ? kept : fate),
    { weight: 1, arbitrary: files },
    { weight: 5, arbitrary: steps },
    { weight: 2, arbitrary: swaps },
    { weight: 1, arbitrary: loops },
  )

export const begin = Date.UTC(2027, 0, 4, 12)
/** Sampling every 15 s would only make the same story longer. */
const coarse = hour

export function machine(module: GuardModule, expires: number, at = begin): Machine {
  const own = license('own', { issued: begin - 30 * 24 * hour, expires: begin + expires })
  return new Machine(module, at, good(own), begin - 300 * 24 * hour)
}

export function perform(one: Machine, command: Command, licenses: Machine['reading'][]): void {
  switch (command.do) {
    case 'run':
      one.pass(command.time, coarse)
      return
    case 'suspend':
      one.suspend(command.time)
      return
    case 'adjust':
      if (Math.abs(one.skew + command.by) < 1500) one.step(command.by)
      return
    case 'leap second':
      if (one.skew > -500) one.step(-second)
      return
    case 'step':
      one.step(command.by)
      return
    case 'restart':
    case 'reboot':
      one.stop(command.clean)
      if (command.do === 'reboot') one.reboot(command.down)
      startWith(one, command.state)
      return
    case 'copy state':
      one.copyState()
      return
    case 'remove license':
    case 'spoil license':
      one.reading = command.do === 'remove license' ? missing : invalid
      one.pass(minute)
      return
    case 'restore license':
      one.reading = licenses[0] ?? missing
      one.tick(second)
      return
    case 'kill loop':
      for (let n = 0; n < command.times; n++) {
        one.pass(command.run)
        one.reboot(0)
        one.skew -= command.run
        one.start()
      }
      return
    case 'swap license':
      one.reading = licenses[command.to] ?? licenses[0] ?? missing
      one.tick(second)
      return
  }
}

export function startWith(one: Machine, state: StateFate): void {
  if (state === 'deleted') one.startAfresh()
  else one.start(state === 'old' ? (one.copies[0] ?? one.disk) : one.disk)
}

export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}
