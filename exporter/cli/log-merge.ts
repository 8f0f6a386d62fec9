import type { LogReader } from '../managers/manager.ts'
import type { LogEntry } from '../model.ts'
import { type LogFile, logLines } from './log-lines.ts'

/** Reads many logs of one license server as one, in order of time, whatever order they come in. */
export interface MergeOptions {
  files: readonly LogFile[]
  /** A fresh reader for one file; its modification time dates what carries no year. */
  reader(file: LogFile): LogReader
  onBytes(count: number): void
}

export interface Merged {
  /** Files without one line of this manager. */
  empty: string[]
}

interface Source {
  file: LogFile
  /** Seconds from the reader's guess to the true time of the lines in front of the first date. */
  shift: number
  reader: LogReader
  batches: AsyncGenerator<string[]>
  entries: LogEntry[]
  next: number
}

/** The same log may go on in the next file: rotation cuts between the lines that carry the date. */
const continuesWithin = 86_400
const daySeconds = 86_400
/** A change of the clocks, and daemons whose lines overtake each other. */
const slackSeconds = 7200

/**
 * Only files whose time has come are open: memory does not grow with the logs.
 * @param onEntry every understood line
 * @param onTime the newest time of a file, with or without an entry
 */
export async function mergeLogs(
  { files, reader, onBytes }: MergeOptions,
  onEntry: (entry: LogEntry) => void,
  onTime: (at: number) => void,
): Promise<Merged> {
  const empty: string[] = []
  const waiting: Begin[] = []
  for (const file of files) {
    const begin = await beginOf(file, reader(file))
    if (begin) waiting.push(begin)
    else empty.push(file.path)
  }
  waiting.sort((a, b) => a.first - b.first)
  const active: Source[] = []
  let ended: LogReader | undefined

  const open = async ({ file, first, shift }: Begin) => {
    const source: Source = {
      file,
      shift,
      reader: reader(file),
      batches: logLines(file, onBytes),
      entries: [],
      next: 0,
    }
    const before = ended?.lastAt
    if (before !== undefined && before <= first && first - before < continuesWithin) {
      source.reader.restore(ended?.state())
    }
    if (await refill(source)) active.push(source)
  }

  for (;;) {
    let source = earliest(active)
    const soon = waiting[0]
    if (soon && (!source || soon.first <= timeOf(source))) {
      waiting.shift()
      await open(soon)
      continue
    }
    if (!source) return { empty }
    // As long as nobody else's turn comes, its lines need no comparison.
    const others = active.filter(one => one !== source)
    const limit = Math.min(waiting[0]?.first ?? Number.POSITIVE_INFINITY, ...others.map(timeOf))
    for (; source; ) {
      while (source.next < source.entries.length && timeOf(source) <= limit) {
        onEntry(source.entries[source.next++] as LogEntry)
      }
      if (source.next < source.entries.length) break
      if (source.reader.lastAt !== undefined && source.reader.lastAt <= limit) {
        onTime(source.reader.lastAt)
      }
      if (await refill(source)) continue
      active.splice(active.indexOf(source), 1)
      ended = source.reader
      source = undefined
    }
  }
}

function timeOf({ entries, next }: Source): number {
  return entries[next]?.at ?? Number.POSITIVE_INFINITY
}

function earliest(active: readonly Source[]): Source | undefined {
  let found: Source | undefined
  for (const source of active) if (!found || timeOf(source) < timeOf(found)) found = source
  return found
}

/** The next lines that say something; false at the end. */
async function refill(source: Source): Promise<boolean> {
  const { reader, shift } = source
  for (;;) {
    const { value: lines, done } = await source.batches.next()
    source.next = 0
    source.entries = []
    const take = (entry: LogEntry | undefined) => {
      if (!entry) return
      source.entries.push(shift === 0 || reader.dated !== false ? entry : shifted(entry, shift))
    }
    if (done) for (const entry of reader.end?.() ?? []) take(entry)
    else for (const line of lines) take(reader.read(line))
    if (source.entries.length > 0) return true
    if (done) return false
  }
}

function shifted(entry: LogEntry, seconds: number): LogEntry {
  return { ...entry, at: entry.at + seconds }
}

interface Begin {
  file: LogFile
  /** Time of the first understood line. */
  first: number
  shift: number
}

/**
 * Times without a date in front of the first date are of the day, or of the days, before it; the
 * reader can only guess them from the present.
 */
async function beginOf(file: LogFile, reader: LogReader): Promise<Begin | undefined> {
  let guessed: { first: number; last: number } | undefined
  const told = (at: number): Begin => {
    if (!guessed) return { file, first: at, shift: 0 }
    const shift = Math.floor((at - guessed.last + slackSeconds) / daySeconds) * daySeconds
    return { file, first: guessed.first + shift, shift }
  }
  for await (const lines of logLines(file)) {
    for (const line of lines) {
      const entry = reader.read(line)
      const at = entry?.at ?? reader.lastAt
      if (at === undefined) continue
      if (reader.dated !== false) {
        if (entry || guessed) return told(at)
      } else if (entry || guessed) guessed = { first: guessed?.first ?? at, last: at }
    }
  }
  const [last] = reader.end?.() ?? []
  const at = guessed?.first ?? last?.at
  return at === undefined ? undefined : { file, first: at, shift: 0 }
}
