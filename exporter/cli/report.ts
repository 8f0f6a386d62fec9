import { ExporterError } from '../errors.ts'
import { createUsage, type FeatureUsage } from '../history/usage.ts'
import { historyInput, parseTime, readArguments, readHistory, remarks } from './history.ts'
import { csvReport, jsonReport, type Report, textReport } from './report-formats.ts'

const formats = { text: textReport, csv: csvReport, json: jsonReport }

/**
 * `license-exporter report`: what each feature needed, from old logs, without a Prometheus.
 * @returns 0; 1 where no line was understood
 * @throws ExporterError
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    manager: { type: 'string' },
    format: { type: 'string', default: 'text' },
    from: { type: 'string' },
    to: { type: 'string' },
    workdays: { type: 'boolean', default: false },
    seats: { type: 'string', default: '' },
    timezone: { type: 'string' },
  })
  const format = formats[values.format as keyof typeof formats]
  if (!format) throw new ExporterError('usage', '--format is one of: text, csv, json')
  const seats = parseSeats(values.seats)
  const input = await historyInput(values, positionals)
  const window = {
    from: parseTime('--from', values.from, Number.NEGATIVE_INFINITY, input.timeZone),
    to: parseTime('--to', values.to, Number.POSITIVE_INFINITY, input.timeZone),
    workdaysOf: values.workdays ? input.timeZone : undefined,
  }
  if (window.from >= window.to) throw new ExporterError('usage', '--from is not before --to')
  const usage = createUsage(window)
  const read = await readHistory(input, usage, usage.passed)
  for (const sentence of remarks(input, read)) process.stderr.write(`${sentence}\n`)
  const features = usage.result().sort(byVendorAndName)
  if (features.length === 0) {
    process.stderr.write('Nothing to report: no line was understood.\n')
    return 1
  }
  const report: Report = {
    manager: input.manager.name,
    timeZone: input.timeZone,
    stretches: read.coverage.stretches,
    workdays: values.workdays,
    seats,
    features,
  }
  process.stdout.write(format(report))
  return 0
}

/** `--seats 20,25`: hours at or above so many. */
function parseSeats(value: string): number[] {
  if (value === '') return []
  const seats = value.split(',').map(Number)
  if (seats.every(one => Number.isSafeInteger(one) && one > 0)) return seats
  throw new ExporterError('usage', `--seats "${value}": write numbers such as 20,25`)
}

function byVendorAndName(a: FeatureUsage, b: FeatureUsage): number {
  return compare(a.vendor, b.vendor) || compare(a.feature, b.feature)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
