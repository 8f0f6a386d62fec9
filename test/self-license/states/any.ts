import { day, good, license, type Machine, minute, second } from '../world.ts'
import type { Row } from './machines.ts'
import { entered, from, G, manipulated, N, refused, settledV, X } from './machines.ts'

/** Rows of the table: whatever the state is. */
export const anyRows: Row[] = [
  ...Object.entries({ V: settledV, 'G missing': G.missing, X, N } as const).map(
    ([state, make]): Row => ({
      state,
      event: 'new token with nbf > t',
      next: state as Row['next'],
      emitted: [refused],
      run() {
        const machine = from(make())
        const start = machine.true + day
        machine.reading = good(
          license('later', { issued: machine.true, expires: start + 90 * day, notBefore: start }),
        )
        machine.pass(minute)
        return machine
      },
    }),
  ),
  ...Object.entries({
    V: settledV,
    'G expired': G.expired,
    'G missing': G.missing,
    X,
    N,
  } as const).map(
    ([state, make]): Row => ({
      state,
      event: 'forward step > 5 s',
      next: state as Row['next'],
      emitted: ['license.time_drift_detected'],
      run() {
        const machine = from(make())
        machine.step(6 * second)
        machine.pass(minute)
        return machine
      },
    }),
  ),
  ...(
    [
      ['V', settledV, 'G clock', [manipulated, entered]],
      ['G expired', G.expired, 'G clock', [manipulated]],
      ['G missing', G.missing, 'G clock', [manipulated]],
      ['X', X, 'X', [manipulated]],
      ['N', N, 'N', [manipulated]],
    ] as const
  ).map(
    ([state, make, next, emitted]): Row => ({
      state,
      event: 'backward > 5 s',
      next,
      emitted: [...emitted],
      run() {
        const machine = from(make())
        machine.step(-6 * second)
        return machine
      },
    }),
  ),
  {
    state: 'V',
    event: 'backward > 5 s in small steps that add up',
    next: 'G clock',
    emitted: [manipulated, entered],
    run() {
      const machine = from(settledV())
      for (let step = 0; step < 4; step++) machine.step(-1.5 * second)
      return machine
    },
  },
  ...(
    [
      ['suspend', (machine: Machine) => machine.suspend(45 * minute)],
      [
        'slew',
        (machine: Machine) => {
          for (let n = 0; n < 400; n++) machine.step(5)
        },
      ],
      ['leap second', (machine: Machine) => machine.step(-second)],
    ] as const
  ).flatMap(([event, happen]) =>
    Object.entries({ V: settledV, 'G missing': G.missing, X, N } as const).map(
      ([state, make]): Row => ({
        state,
        event,
        next: state as Row['next'],
        emitted: [],
        run() {
          const machine = from(make())
          happen(machine)
          machine.pass(minute)
          return machine
        },
      }),
    ),
  ),
]
