import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lineOf, logFile, logPieces } from '../../exporter/cli/log-lines.ts'
import { mergeLogs } from '../../exporter/cli/log-merge.ts'
import { createConcurrency, type HistorySink } from '../../exporter/history/concurrency.ts'
import { createCoverage } from '../../exporter/history/coverage.ts'
import { createSeries } from '../../exporter/history/series.ts'
import { createUsage, type FeatureUsage, hoursAtOrAbove } from '../../exporter/history/usage.ts'
import type { Window } from '../../exporter/history/window.ts'
import { logReader as flexlmReader } from '../../exporter/managers/flexlm/log.ts'
import type { LogEntry } from '../../exporter/model.ts'
import { isSlowWorkday, slowLevels, slowPeak, slowPercentile } from './slow.ts'
import { toyLine, toyReader } from './toy-log.ts'

const monday = Date.UTC(2026, 0, 5) / 1000
const all: Window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

function usageOf(entries: readonly LogEntry[], window = all) {
  const usage = createUsage(window)
  const { counts } = feed(entries, usage, usage.passed)
  return { features: new Map(usage.result().map(one => [one.feature, one])), counts }
}

function feed(
  entries: readonly LogEntry[],
  sink: HistorySink,
  passed: (at: number, gap: boolean) => void,
) {
  const concurrency = createConcurrency(sink)
  const coverage = createCoverage()
  let now = Number.NEGATIVE_INFINITY
  for (const entry of entries) {
    if (entry.at > now) {
      now = entry.at
      passed(now, coverage.at(now))
    }
    concurrency.entry(entry)
  }
  return { counts: concurrency.counts, coverage }
}

const out = (at: number, user: string, seats = 1, feature = 'ACAD'): LogEntry => ({
  kind: 'checkout',
  at: monday + at,
  vendor: 'adskflex',
  feature,
  user,
  seats,
})
const back = (at: number, user: string, seats = 1, feature = 'ACAD'): LogEntry => ({
  kind: 'checkin',
  at: monday + at,
  vendor: 'adskflex',
  feature,
  user,
  seats,
})
const life = (kind: 'start' | 'stop', at: number): LogEntry => ({
  kind,
  at: monday + at,
  vendor: 'ADSKFLEX',
})

describe('seats out', () => {
  test('a restart brings in what was out', () => {
    const { features, counts } = usageOf([
      out(0, 'ann', 3),
      life('start', 100),
      out(150, 'bob'),
      back(200, 'bob'),
    ])
    expect(Object.fromEntries(features.get('ACAD')?.secondsAt ?? [])).toEqual({
      0: 50,
      1: 50,
      3: 100,
    })
    expect(counts).toMatchObject({ endedByRestart: 1, unpairedCheckins: 0, stillOut: 0 })
  })

  test('check-ins that follow the end of the daemon are its own', () => {
    const { counts } = usageOf([
      out(0, 'ann'),
      life('stop', 10),
      back(11, 'ann'),
      life('start', 20),
    ])
    expect(counts).toMatchObject({ endedByRestart: 1, unpairedCheckins: 0 })
  })

  test('a check-in without a checkout is counted and takes no seat of others', () => {
    const { features, counts } = usageOf([out(0, 'ann'), back(5, 'bob'), back(10, 'ann')])
    expect(features.get('ACAD')?.peak).toBe(1)
    expect(Object.fromEntries(features.get('ACAD')?.secondsAt ?? [])).toEqual({ 0: 0, 1: 10 })
    expect(counts.unpairedCheckins).toBe(1)
  })

  test('time that runs backward is counted and read as standing still', () => {
    const { features, counts } = usageOf([out(100, 'ann'), back(40, 'ann'), out(200, 'bob')])
    expect(counts.backward).toBe(1)
    expect(features.get('ACAD')?.peak).toBe(1)
  })

  test('what lies between logs far apart counts as nothing', () => {
    const { features } = usageOf([
      out(0, 'ann'),
      out(10, 'bob'),
      back(40 * 86_400, 'bob'),
      out(40 * 86_400 + 10, 'bob'),
    ])
    expect(Object.fromEntries(features.get('ACAD')?.secondsAt ?? [])).toEqual({ 0: 0, 1: 20 })
  })
})

/** A small generator with a seed: a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function randomLog(seed: number, entries: number, spread: number): LogEntry[] {
  const next = random(seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T
  let at = Math.floor(next() * 86_400)
  return Array.from({ length: entries }, () => {
    at += Math.floor(next() * spread)
    const kind = next()
    const user = pick(['ann', 'bob', 'cyd', 'dan'])
    const feature = pick(['ACAD', 'MAYA'])
    if (kind < 0.01) return life('start', at)
    if (kind < 0.08) {
      return {
        kind: 'denial',
        at: monday + at,
        vendor: 'adskflex',
        feature,
        user,
        reason: 'no_seats',
      }
    }
    return kind < 0.55
      ? out(at, user, 1 + Math.floor(next() * 3), feature)
      : back(at, user, 1 + Math.floor(next() * 3), feature)
  })
}

describe('the report equals a slow and obvious computation', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('on random log %i', seed => {
    const entries = randomLog(seed, 400, 1200)
    const begin = (entries[0] as LogEntry).at
    const end = (entries.at(-1) as LogEntry).at
    const windows: Window[] = [
      all,
      { from: begin + 30_000, to: end - 20_000 },
      { from: begin + 7, to: end + 86_400, workdaysOf: 'Europe/Berlin' },
    ]
    for (const window of windows) {
      const { features } = usageOf(entries, window)
      const from = Math.max(begin, window.from)
      const to = Math.min(end, window.to)
      const counts = (at: number) => !window.workdaysOf || isSlowWorkday(at, window.workdaysOf)
      for (const feature of ['ACAD', 'MAYA']) {
        const levels = slowLevels(entries, feature, from, to).filter((_, index) =>
          counts(from + index),
        )
        const found = features.get(feature) as FeatureUsage
        const denials = entries.filter(
          one =>
            one.kind === 'denial' &&
            one.feature === feature &&
            one.at >= window.from &&
            one.at < window.to &&
            counts(one.at),
        )
        expect({
          peak: found.peak,
          p95: found.p95,
          p99: found.p99,
          mean: found.mean.toFixed(9),
          hours: [1, 2, 3, 5, 8].map(seats => hoursAtOrAbove(found, seats)),
          denials: found.denials.get('no_seats') ?? 0,
        }).toEqual({
          peak: slowPeak(entries, feature, from, Math.min(end + 1, window.to), counts),
          p95: slowPercentile(levels, 0.95),
          p99: slowPercentile(levels, 0.99),
          mean: (levels.reduce((sum, level) => sum + level, 0) / levels.length).toFixed(9),
          hours: [1, 2, 3, 5, 8].map(seats => levels.filter(level => level >= seats).length / 3600),
          denials: denials.length,
        })
      }
    }
  })
})

/** The files of a whole backfill, by month. */
function backfilled(entries: readonly LogEntry[], step = 300): Map<string, string> {
  const series = createSeries({
    server: 'cad "1"',
    manager: 'flexlm',
    extraLabels: { job: 'iosetu-license-exporter', instance: 'a:1' },
    step,
  })
  const files = new Map<string, string>()
  const write = (stretches: readonly { from: number; to: number }[], next?: number) => {
    const name = series.month?.name ?? ''
    let text = ''
    series.write(stretches, next, piece => {
      text += Buffer.from(piece).toString()
    })
    files.set(name, `${text}# EOF\n`)
  }
  const coverage = createCoverage()
  const concurrency = createConcurrency(series)
  for (const entry of entries) {
    coverage.at(entry.at)
    if (series.isOver(entry.at)) write(coverage.stretches, entry.at)
    concurrency.entry(entry)
  }
  write(coverage.stretches)
  return files
}

describe('the series of a backfill', () => {
  test('each sample is the level of its moment, over months', () => {
    const entries = randomLog(11, 900, 9000)
    const begin = (entries[0] as LogEntry).at
    const end = (entries.at(-1) as LogEntry).at
    const files = backfilled(entries)
    expect(files.size).toBeGreaterThan(1)
    for (const feature of ['ACAD', 'MAYA']) {
      const levels = slowLevels(entries, feature, begin, end + 1)
      const samples = [...files].flatMap(([month, text]) =>
        [
          ...text.matchAll(
            new RegExp(
              `^license_feature_seats_checked_out\\{.*feature="${feature}".*\\} (\\d+) (\\d+)$`,
              'gm',
            ),
          ),
        ].map(([, value, at]) => ({ month, value: Number(value), at: Number(at) })),
      )
      expect(samples.length).toBeGreaterThan((end - begin) / 300 - 100)
      for (const { month, value, at } of samples) {
        expect(at % 300).toBe(0)
        expect(new Date(at * 1000).toISOString().slice(0, 7)).toBe(month)
        expect([feature, at, value]).toEqual([feature, at, levels[at - begin]])
      }
      const times = samples.map(({ at }) => at)
      expect(new Set(times).size).toBe(times.length)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  test('counters begin at 0 and end at what the log holds', () => {
    const entries = randomLog(12, 500, 5000)
    const text = [...backfilled(entries).values()].join('')
    const values = [
      ...text.matchAll(/^license_feature_denials_total\{.*feature="MAYA".*\} (\d+) \d+$/gm),
    ].map(([, value]) => Number(value))
    const last = (entries.at(-1) as LogEntry).at
    const told = entries.filter(
      one => one.kind === 'denial' && one.feature === 'MAYA' && one.at <= last - 300,
    ).length
    expect(values[0]).toBe(0)
    expect(values.at(-1)).toBeGreaterThanOrEqual(told)
    expect(values).toEqual([...values].sort((a, b) => a - b))
  })

  const promtool = hasPromtool()
  test.skipIf(!promtool)(
    promtool
      ? 'promtool makes blocks of it'
      : 'skipped: promtool is not installed; nothing else reads the files here',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'backfill-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const entries = randomLog(13, 600, 9000)
      for (const [month, text] of backfilled(entries, 900)) {
        const file = join(folder, `cad-${month}.om`)
        writeFileSync(file, text)
        execFileSync('promtool', [
          'tsdb',
          'create-blocks-from',
          'openmetrics',
          '--max-block-duration=744h',
          '--quiet',
          file,
          join(folder, 'data'),
        ])
      }
      const begin = (entries[0] as LogEntry).at
      const end = (entries.at(-1) as LogEntry).at
      mkdirSync(join(folder, 'data', 'wal'))
      const dump = execFileSync('promtool', ['tsdb', 'dump', join(folder, 'data')], {
        maxBuffer: 2 ** 28,
      }).toString()
      const levels = slowLevels(entries, 'ACAD', begin, end + 1)
      const samples = [
        ...dump.matchAll(
          /^\{__name__="license_feature_seats_checked_out".*feature="ACAD".*\} (\d+) (\d+)$/gm,
        ),
      ]
      expect(samples.length).toBeGreaterThan((end - begin) / 900 - 100)
      for (const [, value, ms] of samples)
        expect(Number(value)).toBe(levels[Number(ms) / 1000 - begin])
      expect(dump).toContain('server="cad \\"1\\""')
    },
    120_000,
  )
})

function hasPromtool(): boolean {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('many logs', () => {
  async function merged(files: Record<string, string | Buffer>) {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const opened = await Promise.all(Object.keys(files).map(name => logFile(join(folder, name))))
    const entries: LogEntry[] = []
    const { empty } = await mergeLogs(
      { files: opened, reader: toyReader, onBytes() {} },
      entry => void entries.push(entry),
      () => {},
    )
    return { entries, empty: empty.map(path => path.slice(folder.length + 1)) }
  }
  const text = (entries: readonly LogEntry[]) => `${entries.map(toyLine).join('\n')}\n`

  test('files in any order, plain and gzip, are one log', async () => {
    const entries = randomLog(21, 900, 600)
    const parts = [entries.slice(0, 300), entries.slice(300, 600), entries.slice(600)].map(text)
    const found = await merged({
      a: parts[2] ?? '',
      'b.gz': gzipSync(parts[0] ?? ''),
      c: parts[1] ?? '',
    })
    expect(found.entries.map(toyLine)).toEqual(entries.map(toyLine))
  })

  test('logs of the same time are told in order of time', async () => {
    const entries = randomLog(22, 400, 600)
    const found = await merged({
      even: text(entries.filter((_, index) => index % 2 === 0)),
      odd: text(entries.filter((_, index) => index % 2 === 1)),
    })
    const times = found.entries.map(({ at }) => at)
    expect(found.entries).toHaveLength(400)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('a file of something else is named, not read', async () => {
    const found = await merged({ log: text([out(0, 'ann')]), noise: 'hello\nworld\n', empty: '' })
    expect(found.empty.sort()).toEqual(['empty', 'noise'])
    expect(found.entries).toHaveLength(1)
  })

  test('lines of 10 MB, CRLF, NUL and other code pages cost no other line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'log')
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from('one\r\ntwo José\n'),
        Buffer.from('three Jos\xe9\n', 'latin1'),
        Buffer.alloc(10 * 1024 * 1024, 'x'),
        Buffer.from('\nfo\0ur\nlast'),
      ]),
    )
    const lines: string[] = []
    for await (const piece of logPieces(await logFile(path))) {
      for (let at = 0, end = 0; at < piece.length; at = end + 1) {
        end = piece.indexOf(10, at)
        lines.push(lineOf(piece, at, end))
      }
    }
    expect(lines).toEqual(['one', 'two José', 'three José', 'four', 'last'])
  })

  test.each([
    ['a folder', tmpdir(), 'is a folder'],
    ['a device', '/dev/null', 'is not a regular file'],
    ['nothing', '/nowhere/log', 'cannot be read (ENOENT)'],
  ])('%s is refused with its name', async (_, path, why) => {
    await expect(logFile(path)).rejects.toThrow(`${path} ${why}`)
  })

  test('a damaged gzip file is named', async () => {
    const entries = randomLog(23, 5000, 60)
    const packed = gzipSync(text(entries))
    await expect(merged({ 'a.gz': packed.subarray(0, packed.length / 2) })).rejects.toThrow(
      /a\.gz cannot be read to its end/,
    )
  })
})

describe('times in front of the first date', () => {
  const lines = [
    '23:00:00 (cadlmd) OUT: "ACAD" ann@pc01',
    ' 1:00:00 (cadlmd) OUT: "ACAD" bob@pc02',
    ' 3:00:00 (cadlmd) IN: "ACAD" ann@pc01',
  ]
  const dated = [' 4:00:00 (lmgrd) TIMESTAMP 6/9/2024', ' 5:00:00 (cadlmd) IN: "ACAD" bob@pc02']

  async function timesOf(content: string | Buffer, modified?: string) {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'debug.log')
    writeFileSync(path, content)
    if (modified) utimesSync(path, new Date(modified), new Date(modified))
    const found: string[] = []
    await mergeLogs(
      {
        files: [await logFile(path)],
        reader: (_, now) => flexlmReader({ now, timeZone: 'Europe/Berlin' }),
        onBytes() {},
      },
      ({ at }) => void found.push(new Date(at * 1000).toISOString().slice(0, 16)),
      () => {},
    )
    return found
  }
  // A summer's day in Berlin, whatever day the log is read on.
  const summer = ['2024-06-08T21:00', '2024-06-08T23:00', '2024-06-09T01:00', '2024-06-09T03:00']

  test('are of the days before it', async () => {
    expect(await timesOf(`${[...lines, ...dated].join('\n')}\n`)).toEqual(summer)
    expect(await timesOf(`${[...lines, ...dated].join('\n')}\n`, '2025-01-15T22:30:00Z')).toEqual(
      summer,
    )
  })

  test('of a log without any date are those before it was written', async () => {
    const found = await timesOf(`${lines.join('\n')}\n`, '2024-06-09T01:00:30Z')
    expect(found).toEqual(summer.slice(0, 3))
  })

  test('stay with a line that is held back until the date is told', async () => {
    const wrapped = ' 3:30:00 (cadlmd) DENIED: "ACAD" cy@pc03  [cadlmd] '
    expect(await timesOf([...lines, wrapped, ...dated, ''].join('\n'))).toEqual([
      ...summer.slice(0, 3),
      '2024-06-09T01:30',
      ...summer.slice(3),
    ])
  })

  test.each([
    [
      'UTF-16 with a mark',
      Buffer.from(`\uFEFF${[...lines, ...dated, ''].join('\r\n')}`, 'utf16le'),
    ],
    ['UTF-16 without one', Buffer.from([...lines, ...dated, ''].join('\n'), 'utf16le')],
    [
      'UTF-16 of the other order',
      Buffer.from(`\uFEFF${[...lines, ...dated, ''].join('\n')}`, 'utf16le').swap16(),
    ],
  ])('%s is read', async (_, bytes) => {
    expect(await timesOf(bytes)).toEqual(summer)
    expect(await timesOf(gzipSync(bytes))).toEqual(summer)
  })

  test('a long log in UTF-16 loses no line where it is cut', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `10:00:00 (cadlmd) OUT: "F" Jörg${i}@pc`)
    const text = `10:00:00 (lmgrd) TIMESTAMP 6/9/2024\n${many.join('\n')}\n`
    expect(await timesOf(Buffer.from(text, 'utf16le'))).toHaveLength(20_000)
  })
})

test('more holders than have numbers are kept apart', () => {
  const many = 30_000
  const entries: LogEntry[] = []
  for (let i = 0; i < many; i++) {
    entries.push(out(i * 10, `stays${i % 5}`, 1, i % 2 ? 'ACAD' : 'MAYA'))
    entries.push(out(i * 10 + 1, `comes${i}`), back(i * 10 + 2, `comes${i}`))
    if (i >= 5) entries.push(back(i * 10 + 3, `stays${i % 5}`, 1, (i - 5) % 2 ? 'ACAD' : 'MAYA'))
  }
  const { features, counts } = usageOf(entries)
  expect(counts).toMatchObject({ unpairedCheckins: 0, stillOut: 5 })
  expect(features.get('ACAD')?.peak).toBe(4)
  expect(features.get('MAYA')?.peak).toBe(3)
})
