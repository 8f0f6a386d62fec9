import { createHash } from 'node:crypto'
import type { LogEntry } from '../model.ts'

/** So many bytes at its start tell one log from another, whatever its name and inode. */
export const headBytes = 1024

/** Where reading of one file of a log goes on after a restart; JSON. */
export interface LogPosition {
  /** The configured path; the file itself may have been renamed or copied since. */
  path: string
  inode: string
  /** Hash of its first bytes, as many as were read up to `headBytes`. */
  head: { bytes: number; sha256: string }
  /** Start of the first line to read. */
  offset: number
  /** Lines before it have been counted already and are only told again; ≥ offset. */
  counted: number
  modifiedMs: number
  /** The newest rotated part when this file was found; parts after it come before this file. */
  after?: string
  /** The offset stands within a line that is too long to be one. */
  inLongLine?: true
  /** What the log reader carries from line to line (the date). */
  reader: unknown
  /** Which file of this run it is; means nothing to another one. */
  generation: number
}

/** One understood line and where it stands. */
export interface TailEntry {
  entry: LogEntry
  path: string
  /** Hash of the file's first bytes up to the end of this line, at most `headBytes`. */
  fingerprint: string
  /** Of the line's first byte. */
  offset: number
  /** Hash of server, fingerprint and offset: the same whenever and under whatever name it is read. */
  id: string
  /** It was counted before the restart; read again for an event that was not yet written. */
  replayed: boolean
  /** Reading that goes on here reads this line again. */
  position: LogPosition
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function entryId(server: string, fingerprint: string, offset: number): string {
  return sha256(`${server}\n${fingerprint}\n${offset}`).slice(0, 32)
}

/** The positions to keep while these entries are not yet in a written event. */
export function resumePositions(
  current: readonly LogPosition[],
  pending: Iterable<TailEntry>,
): LogPosition[] {
  const positions = new Map(current.map(one => [one.generation, one]))
  for (const { position } of pending) {
    const known = positions.get(position.generation)
    if (known && known.offset <= position.offset) continue
    // A file that is not followed any more was read to its end.
    const counted = known ? known.counted : Number.MAX_SAFE_INTEGER
    positions.set(position.generation, { ...position, counted })
  }
  return [...positions.values()].sort((a, b) => a.generation - b.generation)
}
