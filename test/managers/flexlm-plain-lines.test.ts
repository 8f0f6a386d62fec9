import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { lineOf } from '../../exporter/cli/log-lines.ts'
import { logReader } from '../../exporter/managers/flexlm/log.ts'
import type { LogBatch } from '../../exporter/managers/manager.ts'
import type { LogEntry } from '../../exporter/model.ts'

const folder = fileURLToPath(new URL('../fixtures/flexlm/logs', import.meta.url))
const context = { now: new Date('2026-11-22T12:00:00Z'), timeZone: 'Europe/Berlin' }

/** What `read` does not give. */
const hints = ['featureHint', 'holderHint'] as const

/** Every line by `read`, or those that it takes by `readBytes`. */
function entries(log: Buffer, fast: boolean): { found: LogEntry[]; lastAt?: number; slow: number } {
  const reader = logReader(context)
  const found: LogEntry[] = []
  const batch: LogBatch = { entries: [], size: 0 }
  let slow = 0
  for (let at = 0; at < log.length; ) {
    if (fast) {
      batch.size = 0
      at = reader.readBytes?.(log, at, batch) ?? at
      found.push(...structuredClone(batch.entries.slice(0, batch.size)))
    }
    if (at >= log.length) break
    const end = log.indexOf(10, at)
    const entry = reader.read(lineOf(log, at, end))
    if (entry) found.push(entry)
    slow++
    at = end + 1
  }
  found.push(...(reader.end?.() ?? []))
  for (const one of found) {
    if ('feature' in one) for (const key of hints) delete one[key]
  }
  return { found, slow, ...(reader.lastAt !== undefined && { lastAt: reader.lastAt }) }
}

const plain = [
  '10:00:01 (cadlmd) OUT: "ACAD" ann@pc01',
  ' 0:00:03 (cadlmd) IN: "ACAD" ann@pc01 ',
  '10:00:02 (cadlmd) OUT: "hpc pack" bob@node7.example.org  (16 licenses)',
  '23:59:59 (cadlmd) IN: "hpc" bob@node7  (16 licenses) ',
  '0:00:00 (meshd) OUT: "f" CORP\\cy@pc-9  (1 license)',
  '12:00:00 (cadlmd) IN: "f" dan@pc  (SHUTDOWN) ',
  '12:00:01 (cadlmd) IN: "f" dan@pc  (INACTIVE)',
  '12:30:00 (cadlmd) DENIED: "ACAD" eve@pc3  (Licensed number of users already reached. (-4,342:10054 ""))',
  '12:31:00 (cadlmd) DENIED: "ACAD" eve@pc3  (User/host on EXCLUDE list for feature. (-38,349))\r',
  '12:31:01 (cadlmd) TCP_NODELAY NOT enabled',
  '12:31:02 (@cadlmd-SLOG@) ===============================================',
  '12:31:03 (lmgrd) cadlmd using TCP-port 3456',
]

const others = [
  '12:00:00 (lmgrd) TIMESTAMP 3/29/2025',
  '1:30:00 (cadlmd) TIMESTAMP 10/26/2025',
  '12:00:00 (cadlmd) (@cadlmd-SLOG@) Time: Thu Apr 30 2015 15:34:04 W. Europe Standard Time',
  '10:00:03 (cadlmd) DENIED: "ACAD" ann@pc01  [cadlmd] ',
  '(Licensed number of users already reached. (-4,342))',
  '10:00:04 (cadlmd) OUT: "ACAD" Ann Lee@pc01  ',
  '10:00:04 (cadlmd) OUT: "ACAD" ann@example.com@pc01  (3 licenses)',
  '10:00:04 (cadlmd) OUT: ACAD ann@pc01  ',
  '10:00:05 (cadlmd) UNSUPPORTED: "x" (00B0 EF6E ) ann@pc  (No such feature exists. (-5,346))',
  '10:00:06 (cadlmd) QUEUED: "ACAD" ann@pc01  (2 licenses)',
  '10:00:07 (cadlmd) EXITING DUE TO SIGNAL 15',
  '10:00:07 (lmgrd) cadlmd exited with status 58 ()',
  '10:00:08 (cadlmd) Server started on lic1 for:\tACAD',
  '10:00:09 (cadlmd) OUT: "ACAD" José@pc01  ',
  '10:00:10 (cadlmd) OUT: "ACAD" ann@pc01^^^',
  '10:00:10 (cadlmd) OUT: "AC^^^AD" ann@pc01',
  'lmgrd_1    | 10:01:00 (lmgrd) Start-Date: Thu Apr 30 2015 15:34:04',
  '2025-03-30 10:01:00 (cadlmd) OUT: "ACAD" ann@pc01  ',
  '',
]

test('plain lines are taken from their bytes', () => {
  const log = Buffer.from(`${plain.join('\n')}\n`)
  const { found, slow } = entries(log, true)
  expect(slow).toBe(0)
  expect(found).toHaveLength(9)
  expect(found).toEqual(entries(log, false).found)
})

test('what a reader holds back stays in order', () => {
  const lines = [others[3], plain[0], others[3], others[4], plain[1], others[5], plain[2]]
  const log = Buffer.from(`${lines.join('\n')}\n`)
  expect(entries(log, true).found).toEqual(entries(log, false).found)
})

describe('bytes and lines give the same entries', () => {
  const logs = readdirSync(folder).filter(name => name.endsWith('.log'))

  test.each(logs)('%s', name => {
    const log = Buffer.concat([readFileSync(join(folder, name)), Buffer.from('\n')])
    const { slow: _, ...fast } = entries(log, true)
    const { slow: __, ...slow } = entries(log, false)
    expect(fast).toEqual(slow)
  })

  const known = [
    ...plain,
    ...plain,
    ...others,
    ...logs.flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, 200)),
  ]
  const pieces = [...' @()[]":\t\r\0,-.x0159\x7fé', '  ', ' (', '")', 'e: ', ' ex', '(2 licenses)']

  test.each([1, 2, 3, 4, 5, 6])('on lines changed at random, seed %i', seed => {
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    let fastLines = 0
    for (let round = 0; round < 60; round++) {
      const lines = Array.from({ length: 60 }, () => {
        let line = known[random(known.length)] as string
        for (let changes = random(4); changes > 0; changes--) {
          const at = random(line.length + 1)
          const piece = pieces[random(pieces.length)] as string
          line = line.slice(0, at) + (random(4) ? piece : '') + line.slice(at + random(3))
        }
        return line
      })
      const log = Buffer.from(`${lines.join('\n')}\n`)
      const { slow: left, ...fast } = entries(log, true)
      const { slow: all, ...slow } = entries(log, false)
      fastLines += all - left
      expect(fast, JSON.stringify(lines, undefined, 1)).toEqual(slow)
    }
    expect(fastLines).toBeGreaterThan(500)
  })
})

test('a log with more names than are remembered is read to its end', () => {
  const lines = Array.from(
    { length: 90_000 },
    (_, i) => `10:00:00 (cadlmd) OUT: "f${i % 7}" user${i}@pc${i % 45_000}`,
  )
  const { found, slow } = entries(Buffer.from(`${lines.join('\n')}\n`), true)
  expect(slow).toBe(0)
  expect(found).toHaveLength(lines.length)
  expect(
    found.every(
      (one, i) =>
        one.kind === 'checkout' &&
        one.feature === `f${i % 7}` &&
        one.user === `user${i}` &&
        one.host === `pc${i % 45_000}`,
    ),
  ).toBe(true)
})
