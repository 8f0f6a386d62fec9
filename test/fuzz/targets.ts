import { ExporterError } from '../../exporter/errors.ts'
import { decode } from '../../exporter/managers/decode.ts'
import type { LicenseManager, LogBatch, LogReader } from '../../exporter/managers/manager.ts'
import type { ServerConfig } from '../../exporter/managers/server-options.ts'
import type { LogEntry } from '../../exporter/model.ts'
import { inputs } from './inputs.ts'

export interface Target {
  name: string
  /** Throws where the input broke it. */
  run: (bytes: Buffer) => void
  seeds: Buffer[]
  /** Of so many inputs one: what costs a hundred times as much. */
  every: number
}

const now = new Date('2026-03-02T12:00:00Z')
const timeZone = 'Europe/Berlin'

/** Every parser, log reader and anonymiser of a license manager. */
export function targets(manager: LicenseManager): Target[] {
  const { name, logReader, anonymise } = manager
  const { texts, logs } = inputs(name)
  const found: Target[] = [{ name: `${name} parse`, run: parser(manager), seeds: texts, every: 1 }]
  if (logReader) {
    const reader = () => logReader({ now, timeZone })
    found.push({
      name: `${name} log reader`,
      run: bytes => readLog(reader, bytes),
      seeds: logs,
      every: 1,
    })
  }
  if (anonymise) {
    const run = (bytes: Buffer) => {
      const text = decode(bytes.subarray(0, 4000))
      manager.recognise(text)
      for (const kind of manager.texts) anonymise(text, kind)
    }
    found.push({ name: `${name} anonymise`, run, seeds: texts, every: 100 })
  }
  return found
}

function parser(manager: LicenseManager): Target['run'] {
  const table = { name: 'fuzz', manager: manager.name, read: '/fuzz' }
  const server = manager.server.parse(table) as ServerConfig
  return bytes => {
    const main = { text: 'auto', stdout: bytes, stderr: '', exitCode: 0, at: now }
    // One in four beside itself too, as a license file is.
    const beside = bytes.length % 4 === 0 ? [{ ...main, text: 'license_file' }] : []
    try {
      manager.parse([main, ...beside], { now, timeZone, server })
    } catch (error) {
      if (!(error instanceof ExporterError)) throw error
    }
  }
}

/** Line by line, taken up again from its state now and then, and from the bytes: one result. */
function readLog(make: () => LogReader, bytes: Buffer): void {
  const reader = make()
  const entries: LogEntry[] = []
  let restored = make()
  const text = decode(bytes)
  for (const [i, line] of text.split('\n').entries()) {
    take(reader.read(line), entries)
    if (i % 50 !== 0) continue
    restored = make()
    restored.restore(JSON.parse(JSON.stringify(reader.state() ?? null)) ?? undefined)
    restored.read(line)
  }
  entries.push(...(reader.end?.() ?? []))
  restored.end?.()
  sameFromBytes(make(), Buffer.from(text), entries)
}

/** The fast path gives what the slow one gives, wherever it stops. */
function sameFromBytes(reader: LogReader, bytes: Buffer, wanted: readonly LogEntry[]): void {
  if (!reader.readBytes) return
  const entries: LogEntry[] = []
  const batch: LogBatch = { entries: [], size: 0 }
  let at = 0
  while (at < bytes.length) {
    const lineFeed = bytes.indexOf(10, at)
    const end = lineFeed < 0 ? bytes.length : lineFeed
    if (lineFeed >= 0) {
      batch.size = 0
      const left = reader.readBytes(bytes.subarray(0, bytes.lastIndexOf(10) + 1), at, batch)
      // The next lines are written over these.
      for (const one of batch.entries.slice(0, batch.size)) entries.push(withoutHints(one))
      if (left > at) {
        at = left
        continue
      }
    }
    take(reader.read(bytes.toString('utf8', at, end)), entries)
    at = end + 1
  }
  // A text that ends with its line has one more that is empty.
  if (bytes.at(-1) === 10 || bytes.length === 0) take(reader.read(''), entries)
  entries.push(...(reader.end?.() ?? []))
  const [one, other] = [JSON.stringify(entries), JSON.stringify(wanted)]
  if (one !== other)
    throw new Error(`from bytes: ${one.slice(0, 2000)}\nby lines:   ${other.slice(0, 2000)}`)
}

function withoutHints(entry: LogEntry): LogEntry {
  if (!('feature' in entry)) return { ...entry }
  const { featureHint: _, holderHint: __, ...rest } = entry
  return rest
}

function take(entry: LogEntry | undefined, into: LogEntry[]): void {
  if (entry) into.push(entry)
}
