import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { secondsIn } from '../config/quantity.ts'
import { ExporterError } from '../errors.ts'
import { createConcurrency, type HistoryCounts, type HistorySink } from '../history/concurrency.ts'
import { type Coverage, createCoverage, type Stretch } from '../history/coverage.ts'
import { type LogManager, logManagers, withoutHistory } from '../managers/log-readers.ts'
import type { LogReader } from '../managers/manager.ts'
import { zone } from '../managers/time.ts'
import type { LogEntry } from '../model.ts'
import { type LogFile, logFile } from './log-lines.ts'
import { mergeLogs } from './log-merge.ts'
import { progress } from './progress.ts'

/** What `backfill` and `report` share: which logs of which manager, read as one history. */
export interface HistoryInput {
  manager: LogManager
  timeZone: string
  files: LogFile[]
  /** Given twice under two names: read once. */
  copies: string[]
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options']

/** @throws ExporterError('usage') that names the argument */
export function readArguments<const O extends NonNullable<Options>>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new ExporterError('usage', (error as Error).message.split('. ')[0] ?? 'wrong arguments')
  }
}

/** @throws ExporterError('usage') */
export async function historyInput(
  given: { manager?: string | undefined; timezone?: string | undefined },
  paths: readonly string[],
): Promise<HistoryInput> {
  const names = Object.keys(logManagers).join(', ')
  const why = withoutHistory[given.manager ?? '']
  if (why !== undefined) {
    throw new ExporterError('usage', `--manager ${given.manager}: ${why}`, { names })
  }
  const found = Object.entries(logManagers).find(([name]) => name === given.manager)
  if (!found) {
    throw new ExporterError('usage', `--manager is one of: ${names}`, { names })
  }
  if (paths.length === 0) throw new ExporterError('usage', 'name at least one log file')
  const all = await Promise.all(paths.map(logFile))
  const { files, copies } = await withoutCopies(all)
  const [, load] = found
  return {
    manager: await load(),
    timeZone: zoneOf(given.timezone),
    files,
    copies,
  }
}

function zoneOf(name = Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw new ExporterError(
      'usage',
      `--timezone "${name}" is not known: write for example Europe/Berlin`,
    )
  }
}

/** A point in time of the command line; without an offset it is one of the zone's wall clock. */
export function parseTime(
  option: string,
  value: string | undefined,
  fallback: number,
  timeZone: string,
): number {
  if (value === undefined) return fallback
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value)
  const [, date = '', time = '00:00', offset] = found ?? []
  const unix = Date.parse(`${date}T${time}${offset ?? 'Z'}`) / 1000
  if (!Number.isFinite(unix)) {
    throw new ExporterError(
      'usage',
      `${option} "${value}": write 2024-01-31 or 2024-01-31T12:00:00Z`,
    )
  }
  if (offset) return unix
  const wall = new Date(unix * 1000)
  return zone(timeZone).instant(
    wall.getUTCFullYear(),
    wall.getUTCMonth() + 1,
    wall.getUTCDate(),
    wall.getUTCHours(),
    wall.getUTCMinutes(),
    wall.getUTCSeconds(),
  )
}

export function parseStep(value: string): number {
  const seconds = secondsIn(value)
  if (seconds >= 1 && seconds <= 86_400 && Number.isInteger(seconds)) return seconds
  throw new ExporterError('usage', `--step "${value}": write whole seconds to a day, such as 5m`)
}

export interface Read {
  counts: HistoryCounts
  coverage: Coverage
  /** Files without one line of this manager. */
  empty: string[]
}

/** Reads it all, in order of time. */
export async function readHistory(
  input: HistoryInput,
  sink: HistorySink,
  onTime: (at: number, gap: boolean, stretches: readonly Stretch[]) => void,
): Promise<Read> {
  // The space for short-lived objects grows with the time that a program runs, not with its need.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { manager, timeZone, files } = input
  const concurrency = createConcurrency(sink)
  const coverage = createCoverage()
  const bar = progress(files.reduce((sum, { bytes }) => sum + bytes, 0))
  let now = Number.NEGATIVE_INFINITY
  const passed = (at: number) => {
    if (at <= now) return
    now = at
    onTime(at, coverage.at(at), coverage.stretches)
  }
  const onEntry = (entry: LogEntry) => {
    passed(entry.at)
    concurrency.entry(entry)
  }
  const reader = (_: LogFile, now: Date): LogReader => manager.logReader({ now, timeZone })
  try {
    const { empty } = await mergeLogs({ files, reader, onBytes: bar.add }, onEntry, passed)
    return { counts: concurrency.counts, coverage, empty }
  } finally {
    bar.end()
  }
}

/** Sentences on what did not fit, for standard error. */
export function* remarks(
  input: HistoryInput,
  { counts, coverage, empty }: Read,
): Generator<string> {
  for (const path of input.copies) yield `${path} is a copy of another one: read once`
  for (const path of empty) yield `${path}: no line of a ${input.manager.title} log in it`
  if (counts.unpairedCheckins > 0) {
    yield `${counts.unpairedCheckins} check-ins without a checkout (it stands in front of the log)`
  }
  if (counts.endedByRestart > 0)
    yield `${counts.endedByRestart} checkouts ended by a server restart`
  if (counts.stillOut > 0) yield `${counts.stillOut} checkouts still out at the end`
  if (counts.backward > 0) yield `${counts.backward} lines whose time runs backward`
  const gaps = coverage.stretches.length - 1
  if (gaps > 0) yield `${gaps} gaps of more than 7 days without a line: no samples there`
}

async function withoutCopies(all: LogFile[]): Promise<{ files: LogFile[]; copies: string[] }> {
  const seen = new Set<string>()
  const files: LogFile[] = []
  const copies: string[] = []
  for (const file of all) {
    // Only files of one size can be the same.
    const alone = all.every(other => other === file || other.bytes !== file.bytes)
    const print = alone ? '' : `${file.bytes} ${await printOf(file.path)}`
    if (!alone && seen.has(print)) copies.push(file.path)
    else files.push(file)
    seen.add(print)
  }
  return { files, copies }
}

async function printOf(path: string): Promise<string> {
  const { createHash } = await import('node:crypto')
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024 * 1024))
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex')
  } finally {
    await file.close()
  }
}
