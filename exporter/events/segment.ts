import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExporterError } from '../errors.ts'
import { decodeRecord, type SpoolRecord } from './record.ts'

/** Files of the spool: `00000001.log`, a line that names the version, then one record a line. */
export const spoolVersion = 1
export const header = `${JSON.stringify({ spool: spoolVersion })}\n`

export interface Segment {
  number: number
  path: string
  bytes: number
  /** Bytes up to here are sent, and so many records. */
  sentBytes: number
  sentRecords: number
  /** When each record was written, Unix seconds. */
  times: number[]
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.log`)
}

export async function segmentNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .flatMap(name => /^(\d{8})\.log$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * Reads one segment whole (at most some MiB). A last line without its end was never taken: a write
 * that was cut short, not a loss.
 * @throws ExporterError for a spool that a newer version wrote
 */
export async function scanSegment(
  folder: string,
  number: number,
  sentBytes: number,
  onRecord: (record: SpoolRecord, sent: boolean, damagedBefore: number) => void,
): Promise<{ segment: Segment; damagedAtEnd: number }> {
  const path = segmentPath(folder, number)
  const bytes = await readFile(path)
  const segment: Segment = { number, path, bytes: 0, sentBytes: 0, sentRecords: 0, times: [] }
  let damaged = 0
  for (const { text, start, end } of lines(bytes)) {
    segment.bytes = end
    if (start === 0 && isHeader(text, path)) continue
    const record = decodeRecord(text)
    const sent = end <= sentBytes
    if (!record) {
      if (text !== '' && !sent) damaged++
      continue
    }
    segment.times.push(record.written)
    if (sent) {
      segment.sentRecords++
      segment.sentBytes = end
    }
    onRecord(record, sent, damaged)
    damaged = 0
  }
  if (sentBytes > 0) segment.sentBytes = Math.min(sentBytes, segment.bytes)
  return { segment, damagedAtEnd: damaged }
}

/** Unsent records from this offset, at most so many; `end` is where the next ones start. */
export async function readRecords(
  path: string,
  from: number,
  max: number,
): Promise<{ records: SpoolRecord[]; end: number }> {
  const bytes = await readFile(path)
  const records: SpoolRecord[] = []
  let last = from
  for (const { text, start, end } of lines(bytes, from)) {
    last = end
    const record = start === 0 ? undefined : decodeRecord(text)
    if (record) records.push(record)
    if (records.length === max) break
  }
  return { records, end: last }
}

function* lines(bytes: Buffer, from = 0): Generator<{ text: string; start: number; end: number }> {
  for (let start = from; ; ) {
    const newline = bytes.indexOf(10, start)
    if (newline < 0) return
    yield { text: bytes.toString('utf8', start, newline), start, end: newline + 1 }
    start = newline + 1
  }
}

function isHeader(text: string, path: string): boolean {
  const version = Number(/^\{"spool":(\d+)/.exec(text)?.[1])
  if (version > spoolVersion) {
    throw new ExporterError(
      'config',
      `the spool ${path} was written by a newer version of the exporter (format ${version}, this one reads ${spoolVersion}): run that version, or move the folder away and lose its unsent events`,
      { path, version },
    )
  }
  return version > 0
}
