import * as module from '../../../exporter/self-license/guard.ts'
import { day, hour, invalid, Machine, missing, second } from '../world.ts'
import type { Row } from './machines.ts'
import { ended, entered, from, manipulated, N, now, refused, settledV, V } from './machines.ts'

/** Rows of the table: start. */
export const startRows: Row[] = [
  ...(
    [
      ['t < exp', 90 * day, 'V', []],
      ['t < exp, in 5 days', 5 * day, 'V', ['license.expiring_7d']],
      ['t < exp + 24 h', -hour, 'G expired', [entered]],
      ['later', -25 * hour, 'X', [ended]],
    ] as const
  ).map(
    ([event, left, next, emitted]): Row => ({
      state: 'start',
      event: `good token: ${event}`,
      next,
      emitted: [...emitted],
      run: () => V(left),
    }),
  ),
  ...(
    [
      [
        'no file, a signed last-good is stored',
        missing,
        0,
        'G missing',
        ['license.missing', entered],
      ],
      ['bad file, a signed last-good is stored', invalid, 0, 'G invalid', [refused, entered]],
      [
        'no file, the last-good is past exp + 24 h',
        missing,
        95 * day,
        'X',
        ['license.missing', ended],
      ],
    ] as const
  ).map(
    ([event, reading, later, next, emitted]): Row => ({
      state: 'start',
      event,
      next,
      emitted: [...emitted],
      run() {
        const machine = from(settledV())
        machine.stop(true)
        machine.true += later
        machine.reading = reading
        return machine.start()
      },
    }),
  ),
  {
    state: 'start',
    event: 'no file, nothing stored',
    next: 'N',
    emitted: ['license.missing'],
    run: N,
  },
  {
    state: 'start',
    event: 'bad file, nothing stored',
    next: 'N',
    emitted: [refused],
    run: () => new Machine(module, now, invalid).start(),
  },
  {
    state: 'start',
    event: 'wall < saved line − 5 s',
    next: 'G clock',
    emitted: [manipulated, entered],
    run() {
      const machine = from(settledV())
      machine.stop(true)
      machine.skew -= 6 * second
      return machine.start()
    },
  },
]
