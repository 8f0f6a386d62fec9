import { describe, expect, test } from 'vitest'
import type { EventName } from '../../exporter/catalogue.ts'
import * as module from '../../exporter/self-license/guard.ts'
import { day, good, hour, invalid, license, Machine, minute, missing, second } from './world.ts'

/** The state table of the design, row by row and in its words. */

const now = Date.UTC(2027, 0, 4, 12)
const issued = now - 100 * day

const expiring = (left: number, id = 'a') => good(license(id, { issued, expires: now + left }))
const V = (left = 90 * day) => new Machine(module, now, expiring(left)).start()
/** Past the hour in which a bad clock before NTP is forgiven. */
const settledV = (left = 90 * day) => {
  const machine = V(left)
  machine.pass(2 * hour)
  return machine
}
const G = {
  expired: () => {
    const machine = settledV(2 * hour + 10 * second)
    machine.pass(minute)
    return machine
  },
  missing: () => {
    const machine = settledV()
    machine.reading = missing
    machine.pass(minute)
    return machine
  },
  invalid: () => {
    const machine = settledV()
    machine.reading = invalid
    machine.pass(minute)
    return machine
  },
  clock: () => {
    const machine = settledV()
    machine.step(-hour)
    return machine
  },
}
const X = () => {
  const machine = G.missing()
  machine.pass(25 * hour, minute)
  return machine
}
const N = () => new Machine(module, now, missing).start()
/** The machine is off the record: only what happens from here on is looked at. */
const from = (machine: Machine) => {
  machine.log.length = 0
  return machine
}

interface Row {
  state: string
  event: string
  next: 'V' | 'G expired' | 'G missing' | 'G invalid' | 'G clock' | 'X' | 'N'
  emitted: EventName[]
  run(): Machine
}

const entered = 'license.grace_mode_entered'
const exited = 'license.grace_mode_exited'
const ended = 'license.grace_period_ended'
const refused = 'license.verification_failed'
const manipulated = 'license.time_manipulation_detected'

const rows: Row[] = [
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
  {
    state: 'G clock',
    event: '24 h lived',
    next: 'X',
    emitted: [ended],
    run() {
      const machine = from(G.clock())
      machine.pass(24 * hour, minute)
      return machine
    },
  },
  {
    state: 'G expired',
    event: 't ≥ exp + 24 h',
    next: 'X',
    emitted: [ended],
    run() {
      const machine = from(G.expired())
      machine.pass(24 * hour, minute)
      return machine
    },
  },
  {
    state: 'G missing',
    event: '24 h lived since the first bad read',
    next: 'X',
    emitted: [ended],
    run() {
      const machine = from(G.missing())
      machine.pass(24 * hour, minute)
      return machine
    },
  },
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
  {
    state: 'G invalid',
    event: '24 h lived since the first bad read',
    next: 'X',
    emitted: [ended],
    run() {
      const machine = from(G.invalid())
      machine.pass(24 * hour, minute)
      return machine
    },
  },
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

const letters = { valid: 'V', grace: 'G', over: 'X', unlicensed: 'N' } as const

describe('the state table', () => {
  test.each(
    rows.map(
      row =>
        [
          `${row.state} | ${row.event} | ${row.next} | ${row.emitted.join(', ') || 'nothing'}`,
          row,
        ] as const,
    ),
  )('%s', (_, row) => {
    const machine = row.run()
    const { state, problem } = machine.guard
    const letter = letters[state]
    expect(letter === 'G' ? `G ${problem}` : letter).toBe(row.next)
    expect(machine.events()).toEqual(row.emitted)
  })
})
