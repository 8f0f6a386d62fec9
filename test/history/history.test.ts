import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createConcurrency, type HistorySink } from '../../exporter/history/concurrency.ts'
import { createCoverage } from '../../exporter/history/coverage.ts'
import { createSeries } from '../../exporter/history/series.ts'
import { createUsage, type FeatureUsage, hoursAtOrAbove } from '../../exporter/history/usage.ts'
import type { Window } from '../../exporter/history/window.ts'
import type { LogEntry } from '../../exporter/model.ts'
import { back, life, out, randomLog } from './entries.ts'
import { isSlowWorkday, slowLevels, slowPeak, slowPercentile } from './slow.ts'

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
