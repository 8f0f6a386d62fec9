import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { ExporterError } from '../errors.ts'
import type { Stretch } from '../history/coverage.ts'
import { createSeries, type HistorySeries } from '../history/series.ts'
import {
  type HistoryInput,
  historyInput,
  parseStep,
  type Read,
  readArguments,
  readHistory,
  remarks,
} from './history.ts'

/** Prometheus keeps the newest hours in its head: imported blocks must not overlap them. */
const headSeconds = 3 * 3600

/**
 * `license-exporter backfill`: old logs as OpenMetrics, one file a month.
 * @returns 0; 1 where nothing came out
 * @throws ExporterError
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    manager: { type: 'string' },
    server: { type: 'string' },
    output: { type: 'string' },
    step: { type: 'string', default: '5m' },
    label: { type: 'string', multiple: true, default: [] },
    timezone: { type: 'string' },
  })
  const { server, output } = values
  if (!server) throw new ExporterError('usage', '--server NAME: as the configuration names it')
  if (!output) throw new ExporterError('usage', '--output DIR: where the files go')
  const step = parseStep(values.step)
  const extraLabels = parseLabels(values.label)
  const input = await historyInput(values, positionals)
  const { written, read } = await backfill({ server, output, step, extraLabels }, input)
  for (const sentence of remarks(input, read)) process.stderr.write(`${sentence}\n`)
  if (written.length === 0) {
    process.stderr.write(
      'Nothing to write: no line was understood, or all are of the last 3 hours.\n',
    )
    return 1
  }
  const { entries } = read.counts
  process.stdout.write(
    `${entries} lines of the logs became ${written.length} files. Import them with the data folder of your Prometheus:

${written.map(path => importLine(path, '/var/lib/prometheus')).join('\n')}
`,
  )
  return 0
}

export interface BackfillOptions {
  server: string
  output: string
  /** Seconds. */
  step: number
  extraLabels: Readonly<Record<string, string>>
}

/** One file a month; none for a month without a sample. @throws ExporterError */
export async function backfill(
  { server, output, step, extraLabels }: BackfillOptions,
  input: HistoryInput,
): Promise<{ written: string[]; read: Read }> {
  await mkdir(output, { recursive: true }).catch(error => {
    throw new ExporterError('usage', `--output ${output} cannot be used: ${error.message}`)
  })
  const series = createSeries({ server, manager: input.manager.name, extraLabels, step })
  const written: string[] = []
  const write = (covered: readonly Stretch[], next: number | undefined) => {
    const name = `${safeName(server)}-${series.month?.name}.om`
    const path = writeMonth(series, join(resolve(output), name), covered, next)
    if (path) written.push(path)
  }
  const read = await readHistory(input, series, (at, _gap, stretches) => {
    if (series.isOver(at)) write(settled(stretches), at)
  })
  write(settled(read.coverage.stretches), undefined)
  return { written, read }
}

/** Whole or not at all. */
function writeMonth(
  series: HistorySeries,
  path: string,
  covered: readonly Stretch[],
  next: number | undefined,
): string | undefined {
  const part = `${path}.part`
  const file = openSync(part, 'w', 0o644)
  let samples = false
  try {
    samples = series.write(covered, next, piece => writeAll(file, piece))
    writeSync(file, '# EOF\n')
  } catch (error) {
    rmSync(part, { force: true })
    throw new ExporterError('usage', `${path} cannot be written: ${(error as Error).message}`)
  } finally {
    closeSync(file)
  }
  if (samples) renameSync(part, path)
  else rmSync(part, { force: true })
  return samples ? path : undefined
}

/** A write may take only the first part. */
function writeAll(file: number, piece: Uint8Array): void {
  for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done)
}

function settled(stretches: readonly Stretch[]): Stretch[] {
  const limit = Date.now() / 1000 - headSeconds
  return stretches.map(({ from, to }) => ({ from, to: Math.min(to, limit) }))
}

/** job and instance as a Prometheus that scrapes this machine writes them, unless told otherwise. */
export function parseLabels(given: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {
    job: 'iosetu-license-exporter',
    instance: `${hostname()}:8080`,
  }
  for (const one of given) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(one) ?? []
    if (name === undefined || value === undefined || name.startsWith('__')) {
      throw new ExporterError(
        'usage',
        `--label "${one}": write name=value, as in instance=exporter:8080`,
      )
    }
    if (['server', 'manager', 'vendor', 'feature', 'reason'].includes(name)) {
      throw new ExporterError('usage', `--label ${name} is the series' own label`)
    }
    labels[name] = value
  }
  return labels
}

function safeName(server: string): string {
  return server.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')
}

/** Without the longer blocks promtool makes one for every two hours. */
export function importArguments(file: string, folder: string): string[] {
  const command = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=744h']
  return [...command, file, folder]
}

export function importLine(file: string, folder: string): string {
  const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`
  const [last = '', ...before] = importArguments(quoted(file), folder).reverse()
  return ['promtool', ...before.reverse(), /^[\w./-]+$/.test(last) ? last : quoted(last)].join(' ')
}
