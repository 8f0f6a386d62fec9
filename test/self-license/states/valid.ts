import { day, hour, invalid, minute, missing, second } from '../world.ts'
import type { Row } from './machines.ts'
import { entered, expiring, from, refused, settledV, V } from './machines.ts'

/** Rows of the table: V. */
export const validRows: Row[] = [
  ...(
    [
      ['30 d', 30 * day, 'license.expiring_30d'],
      ['7 d', 7 * day, 'license.expiring_7d'],
      ['24 h', day, 'license.expiring_24h'],
      ['1 h', hour, 'license.expiring_1h'],
    ] as const
  ).map(
    ([name, within, event]): Row => ({
      state: 'V',
      event: `t passes exp − ${name}`,
      next: 'V',
      emitted: [event],
      run() {
        const machine = V(within + 2 * hour + 10 * second)
        machine.pass(2 * hour)
        from(machine)
        machine.pass(minute)
        return machine
      },
    }),
  ),
  {
    state: 'V',
    event: 'new good token',
    next: 'V',
    emitted: ['license.reloaded'],
    run() {
      const machine = from(settledV())
      machine.reading = expiring(200 * day, 'b')
      machine.tick()
      return machine
    },
  },
  {
    state: 'V',
    event: 't ≥ exp',
    next: 'G expired',
    emitted: [entered],
    run() {
      const machine = from(settledV(2 * hour + 10 * second))
      machine.log.length = 0
      machine.pass(minute)
      return machine
    },
  },
  ...(
    [
      ['no file', missing, 'G missing', ['license.missing', entered]],
      ['bad file', invalid, 'G invalid', [refused, entered]],
    ] as const
  ).map(
    ([name, reading, next, emitted]): Row => ({
      state: 'V',
      event: `${name} for 30 s and 3 reads`,
      next,
      emitted: [...emitted],
      run() {
        const machine = from(settledV())
        machine.reading = reading
        machine.pass(45 * second)
        return machine
      },
    }),
  ),
  {
    state: 'V',
    event: 'bad file for 2 reads, however long',
    next: 'V',
    emitted: [],
    run() {
      const machine = from(settledV())
      machine.reading = invalid
      machine.tick(20 * second)
      machine.tick(20 * second)
      return machine
    },
  },
  {
    state: 'V',
    event: 'bad file for many reads within 30 s',
    next: 'V',
    emitted: [],
    run() {
      const machine = from(settledV())
      machine.reading = invalid
      machine.pass(29 * second, second)
      return machine
    },
  },
]
