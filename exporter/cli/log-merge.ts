import type { LogBatch, LogReader } from '../managers/manager.ts'
import type { LogEntry } from '../model.ts'
import { type LogFile, lineOf, logPieces } from './log-lines.ts'

/** Reads many logs of one license server as one, in order of time, whatever order they come in. */
export interface MergeOptions {
  files: readonly LogFile[]
  /** A fresh reader for one file; `now` dates what carries no date or no year. */
  reader(file: LogFile, now: Date): LogReader
  onBytes(count: number): void
}

export interface Merged {
  /** Files without one line of this manager. */
  empty: string[]
}

interface Source {
  reader: LogReader
  pieces: AsyncGenerator<Buffer>
  batch: LogBatch
  next: number
}

/** The same log may go on in the next file: rotation cuts between the lines that carry the date. */
const continuesWithin = 86_400
const daySeconds = 86_400
const newline = 10
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
    const begin = await beginOf(file, reader(file, file.modified))
    if (begin) waiting.push(begin)
    else empty.push(file.path)
  }
  waiting.sort((a, b) => a.first - b.first)
  const active: Source[] = []
  let ended: LogReader | undefined

  const open = async ({ file, first, now }: Begin) => {
    const source: Source = {
      reader: reader(file, now),
      pieces: logPieces(file, onBytes),
      batch: { entries: [], size: 0 },
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
      const { entries, size } = source.batch
      while (source.next < size) {
        const entry = entries[source.next] as LogEntry
        if (entry.at > limit) break
        source.next++
        onEntry(entry)
      }
      if (source.next < size) break
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

function timeOf({ batch, next }: Source): number {
  return next < batch.size ? (batch.entries[next] as LogEntry).at : Number.POSITIVE_INFINITY
}

function earliest(active: readonly Source[]): Source | undefined {
  let found: Source | undefined
  for (const source of active) if (!found || timeOf(source) < timeOf(found)) found = source
  return found
}

/** The next lines that say something; false at the end. */
async function refill(source: Source): Promise<boolean> {
  const { reader, pieces, batch } = source
  source.next = 0
  batch.size = 0
  for (;;) {
    const { value: piece, done } = await pieces.next()
    if (done) for (const entry of reader.end?.() ?? []) batch.entries[batch.size++] = entry
    if (!done) readPiece(reader, piece, batch)
    if (batch.size > 0) return true
    if (done) return false
  }
}

function readPiece(reader: LogReader, piece: Buffer, into: LogBatch): void {
  for (let at = 0; ; ) {
    if (reader.readBytes) at = reader.readBytes(piece, at, into)
    if (at >= piece.length) return
    const end = piece.indexOf(newline, at)
    const entry = reader.read(lineOf(piece, at, end))
    if (entry) into.entries[into.size++] = entry
    at = end + 1
  }
}

interface Begin {
  file: LogFile
  /** Time of the first understood line. */
  first: number
  /** What its reader must take for the present to guess that time. */
  now: Date
}

/**
 * Times without a date in front of the first date are of the day, or of the days, before it, and
 * without any date in the file of those before its modification: the reader can only guess them
 * from the present, so it is told another present.
 */
async function beginOf(file: LogFile, reader: LogReader): Promise<Begin | undefined> {
  let guessed: { first: number; last: number } | undefined
  const told = (first: number): Begin => ({ file, first, now: file.modified })
  const dated = (at: number): Begin => {
    if (!guessed) return told(at)
    const days = Math.floor((at - guessed.last + slackSeconds) / daySeconds)
    const first = guessed.first + days * daySeconds
    return { file, first, now: new Date((first + slackSeconds) * 1000) }
  }
  for await (const piece of logPieces(file)) {
    for (let at = 0, end = 0; at < piece.length; at = end + 1) {
      end = piece.indexOf(newline, at)
      const before = reader.lastAt
      const wasDated = reader.dated
      const entry = reader.read(lineOf(piece, at, end))
      const time = entry?.at ?? reader.lastAt
      if (time === undefined) continue
      if (reader.dated !== false) {
        // The line before it was held back and comes out at the one that tells the date.
        if (entry && wasDated === false && time === before) {
          guessed = { first: guessed?.first ?? time, last: time }
          return dated(reader.lastAt ?? time)
        }
        if (entry || guessed) return dated(time)
      } else if (entry || guessed) guessed = { first: guessed?.first ?? time, last: time }
    }
  }
  const [last] = reader.end?.() ?? []
  if (!guessed) return last && told(last.at)
  return dated(file.modified.getTime() / 1000)
}
