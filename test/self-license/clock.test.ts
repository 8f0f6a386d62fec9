import { describe, expect, test } from 'vitest'
import {
  advanceClock,
  type Clock,
  checkClock,
  drift,
  startClock,
} from '../../exporter/self-license/clock.ts'
import * as guard from '../../exporter/self-license/guard.ts'
import { readClock } from '../../exporter/self-license/read-clock.ts'
import { noVectors, vectorLines, vectorsAreThere } from './vectors.ts'
import { day, good, hour, license, Machine, minute, second } from './world.ts'

const there = describe.skipIf(!vectorsAreThere)
if (!vectorsAreThere) console.log(noVectors)

interface Line {
  phase: string
  wall: number
  boot: number
  mono: number
}

/** What the clock says of a trace of a real kernel: phase and step, s. */
function replay(file: string): string[] {
  const lines = vectorLines<Line>(`clock-traces/${file}.jsonl`)
  const found: string[] = []
  let clock: Clock | undefined
  for (const { phase, wall, boot, mono } of lines) {
    const sample = { wall: wall * 1000, boot: boot * 1000, mono: mono * 1000, bootId: file }
    if (!clock) {
      clock = startClock(sample, 0, undefined).clock
      continue
    }
    const { clock: next, steps } = advanceClock(clock, sample)
    clock = next
    for (const step of steps) found.push(`${phase} ${step.direction} ${step.seconds.toFixed(1)}`)
  }
  return found
}

there('traces of a real kernel', () => {
  test('NTP slew, tick and frequency, −2 s, a paused machine, a leap second and a snapshot are nothing; steps are found', () => {
    expect(replay('trace1')).toEqual([
      '4_step_fwd_3600 forward 3600.0',
      '5_step_back_3600 backward -3600.0',
      // Somebody set the clock to the eve of a leap second.
      '9_leap_insert backward -28058293.6',
    ])
  })

  test('45 s of suspend to memory are nothing', () => {
    expect(replay('trace2')).toEqual([])
  })

  test('steps of 4 s add up backward; +4 s, −1 s, ±10 % of tick and suspend are nothing', () => {
    expect(replay('trace3')).toEqual([
      '06_step_fwd_3600 forward 3600.0',
      '07_step_back_3600 backward -3600.0',
      '08_salami_back_4s_x5 backward -8.0',
      '08_salami_back_4s_x5 backward -8.0',
      '09_step_fwd_20_restore forward 20.0',
      '11_guestagent_step_fwd_20 forward 20.0',
      '14_step_back_7200 backward -7200.0',
      '15_catchup_fwd_7200 forward 7200.0',
      '16_suspend_then_back backward -600.0',
      // Somebody set the clock to the eve of a leap second.
      '17_leap_insert forward 3477235.3',
    ])
  })
})

/** The same numbers every time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('a year of an honest machine', () => {
  test.each([1, 2, 3])('has no false alarm (seed %i)', seed => {
    const next = random(seed)
    const begin = Date.UTC(2027, 0, 4)
    const own = license('own', { issued: begin - day, expires: begin + 420 * day })
    const one = new Machine(guard, begin, good(own)).start()
    let [suspends, ntp, leaps, restarts, reboots] = [0, 0, 0, 0, 0]
    while (one.true < begin + 365 * day) {
      one.pass(next() * 8 * hour, minute)
      const event = Math.floor(next() * 12)
      if (event < 4) {
        suspends++
        one.suspend(next() * 20 * hour)
      } else if (event < 8) {
        ntp++
        // ntpd steps above 128 ms; the crystal was that wrong.
        one.step(-one.skew + (next() - 0.5) * 900)
      } else if (event === 8 && next() < 0.05) {
        leaps++
        one.step(-second)
      } else if (event < 11) {
        restarts++
        one.stop(next() < 0.8)
        one.start(next() < 0.1 ? undefined : one.disk)
      } else {
        reboots++
        one.stop(next() < 0.8)
        one.reboot(next() * 30 * hour)
        one.start()
      }
      // 40 ppm between two corrections: a crystal bends all clocks alike.
      const error = (next() - 0.5) * 40e-6 * 8 * hour
      one.skew += error
      one.bootedAt -= error
    }
    expect(one.events()).toEqual([])
    expect(one.state()).toBe('valid')
    expect(Math.min(suspends, ntp, restarts, reboots)).toBeGreaterThan(20)
    expect(leaps).toBeGreaterThan(0)
  })
})

describe('the clocks of this machine', () => {
  test('agree while nobody sets them', async () => {
    const first = readClock()
    let { clock } = startClock(first, 0, undefined)
    for (let n = 0; n < 20; n++) {
      await new Promise(done => setTimeout(done, 20))
      const advanced = advanceClock(clock, readClock())
      expect(advanced.steps).toEqual([])
      clock = advanced.clock
    }
    expect(Math.abs(drift(clock))).toBeLessThan(0.5)
    expect(clock.lived).toBeGreaterThan(300)
    expect(drift(checkClock(clock))).toBe(0)
  })
})
