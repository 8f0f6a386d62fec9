import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { nextPause } from '../../exporter/collect/schedule.ts'
import { Slots } from '../../exporter/collect/slots.ts'
import { globMatches } from '../../exporter/glob.ts'

const chances = [0, 0.25, 0.5, 0.999]

describe('the pause before the next reading', () => {
  test('is about one interval, also after one or two failures', () => {
    for (const failures of [0, 1, 2]) {
      expect(nextPause(60, failures, 0)).toBe(57)
      expect(nextPause(60, failures, 0.5)).toBe(60)
    }
  })

  test('grows from the third failure on, to at most 5 intervals and 5 minutes', () => {
    expect([2, 3, 4, 5, 6].map(failures => nextPause(10, failures, 1))).toEqual([
      10.5, 20, 40, 50, 50,
    ])
    for (const interval of [1, 60, 100, 299]) {
      for (const failures of [3, 10, 1000]) {
        for (const chance of chances) {
          const pause = nextPause(interval, failures, chance)
          expect(pause).toBeLessThanOrEqual(Math.min(5 * interval, 300))
          expect(pause).toBeGreaterThanOrEqual(interval)
        }
      }
    }
  })

  test('differs from server to server', () => {
    expect(nextPause(60, 9, 0.1)).not.toBe(nextPause(60, 9, 0.9))
  })

  test('is never shorter than an interval above 5 minutes', () => {
    expect(nextPause(3600, 9, 0.5)).toBe(3600)
  })
})

describe('slots', () => {
  async function run(size: number, readings: { due: number; suspect: boolean }[]) {
    const slots = new Slots(size)
    const order: number[] = []
    let running = 0
    let suspects = 0
    const most = { running: 0, suspects: 0 }
    await Promise.all(
      readings.map(
        ({ due, suspect }) =>
          new Promise<void>(resolve => {
            slots.add({
              due,
              suspect,
              async begin() {
                order.push(due)
                most.running = Math.max(most.running, ++running)
                if (suspect) most.suspects = Math.max(most.suspects, ++suspects)
                await sleep(5)
                running--
                if (suspect) suspects--
                resolve()
              },
            })
          }),
      ),
    )
    return { order, most }
  }

  test('run no more at once than there are, and at most half for those that failed', async () => {
    const readings = Array.from({ length: 60 }, (_, due) => ({ due, suspect: due % 2 === 0 }))
    expect((await run(8, readings)).most).toEqual({ running: 8, suspects: 4 })
  })

  test('leave those that failed half of the slots although nobody else waits', async () => {
    const readings = Array.from({ length: 20 }, (_, due) => ({ due, suspect: true }))
    expect((await run(8, readings)).most.running).toBe(4)
  })

  test('read a failed server also where there is only one slot', async () => {
    expect((await run(1, [{ due: 0, suspect: true }])).order).toEqual([0])
  })

  test('begin with the longest due', async () => {
    const first = [0, 0, 0, 0].map(due => ({ due, suspect: false }))
    const dues = [9, 1, 5, 3, 7]
    const readings = dues.map((due, i) => ({ due, suspect: i % 2 === 1 }))
    const { order } = await run(4, [...first, ...readings])
    expect(order.slice(4)).toEqual([1, 3, 5, 7, 9])
  })
})

test.each([
  ['*', '', true],
  ['*', 'anything', true],
  ['86*ACD_*', '86123ACD_2024_0F', true],
  ['86*ACD_*', '85ACD_', false],
  ['test_?', 'test_1', true],
  ['test_?', 'test_', false],
  ['', 'a', false],
  ['a*b*c', 'abxbxc', true],
  ['a*b*c', 'abxbx', false],
  ['a.c', 'abc', false],
  ['A*', 'abc', false],
])('the pattern %j and %j: %j', (pattern, text, expected) => {
  expect(globMatches(pattern, text)).toBe(expected)
})

test('a pattern full of stars is matched in no time', () => {
  const started = performance.now()
  expect(globMatches(`${'*a'.repeat(50)}b`, 'a'.repeat(5000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(500)
})
