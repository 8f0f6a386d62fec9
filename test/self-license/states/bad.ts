import { day, good, hour, license, minute, missing } from '../world.ts'
import type { Row } from './machines.ts'
import { ended, entered, exited, expiring, from, G, issued, N, settledV, X } from './machines.ts'

/** Rows of the table: G, X and N. */
export const badRows: Row[] = [
  {
    state: 'G clock',
    event: 'wall back on the lived-time line, stable for 1 h',
    next: 'V',
    emitted: ['license.time_drift_detected', exited],
    run() {
      const machine = from(G.clock())
      machine.step(hour)
      machine.pass(hour + minute)
      return machine
    },
  },
  {
    state: 'G clock',
    event: 'wall back on the lived-time line, for less than 1 h',
    next: 'G clock',
    emitted: ['license.time_drift_detected'],
    run() {
      const machine = from(G.clock())
      machine.step(hour)
      machine.pass(59 * minute)
      return machine
    },
  },
  over('G clock', '24 h lived', G.clock),
  over('G expired', 't ≥ exp + 24 h', G.expired),
  over('G missing', '24 h lived since the first bad read', G.missing),
  {
    state: 'G missing',
    event: 't ≥ exp + 24 h, whichever is first',
    next: 'X',
    emitted: [ended],
    run() {
      const machine = settledV(3 * hour)
      machine.reading = missing
      machine.pass(minute)
      from(machine).stop(true)
      machine.reboot(30 * hour)
      return machine.start()
    },
  },
  over('G invalid', '24 h lived since the first bad read', G.invalid),
  ...Object.entries({
    'G expired': G.expired,
    'G missing': G.missing,
    'G invalid': G.invalid,
    X,
  } as const).map(
    ([state, make]): Row => ({
      state,
      event: 'good token and the clock is fine',
      next: 'V',
      emitted: ['license.reloaded', exited],
      run() {
        const machine = from(make())
        machine.reading = expiring(200 * day, 'b')
        machine.tick()
        return machine
      },
    }),
  ),
  {
    state: 'X',
    event: 'good token while the clock is not fine',
    next: 'X',
    emitted: ['license.reloaded'],
    run() {
      const machine = X()
      machine.step(-hour)
      machine.reading = expiring(200 * day, 'b')
      from(machine).tick()
      return machine
    },
  },
  ...(
    [
      ['expired an hour ago', -hour, 'G expired', ['license.reloaded', entered]],
      ['expired two days ago', -2 * day, 'X', ['license.reloaded']],
    ] as const
  ).map(
    ([name, left, next, emitted]): Row => ({
      state: 'X',
      event: `a new token already past exp is taken: ${name}`,
      next,
      emitted: [...emitted],
      run() {
        const machine = from(X())
        const expires = machine.true + left
        machine.reading = good(license('old', { issued, expires }))
        machine.tick()
        return machine
      },
    }),
  ),
  {
    state: 'N',
    event: 'good token and the clock is fine',
    next: 'V',
    emitted: ['license.reloaded'],
    run() {
      const machine = from(N())
      machine.reading = expiring(200 * day)
      machine.tick()
      return machine
    },
  },
]

/** A day in grace, and nothing else happens. */
function over(state: Row['state'], event: string, make: () => ReturnType<typeof G.clock>): Row {
  return {
    state,
    event,
    next: 'X',
    emitted: [ended],
    run() {
      const machine = from(make())
      machine.pass(24 * hour, minute)
      return machine
    },
  }
}
