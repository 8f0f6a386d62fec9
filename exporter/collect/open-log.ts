import { isAscii } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { decode } from '../managers/decode.ts'
import { headBytes, type LogPosition, sha256 } from './log-position.ts'

export interface LogLine {
  text: string
  offset: number
  end: number
}

/** Longer is no line of a log: it is counted and left out. */
const longestLine = 64 * 1024
const newline = 10

let generations = 0

/** One file of a log, open: it stays readable when it is renamed or removed. */
export class OpenLog {
  readonly generation = ++generations
  readonly inode: string
  readonly #handle: FileHandle
  /** First bytes as far as they are known; they never change in an append-only file. */
  #head: Buffer = Buffer.alloc(0)
  #inLongLine = false
  #sizeAtEnd = -1
  #modifiedAtEnd = -1n
  offset = 0
  counted = 0
  size = 0
  modified = 0n
  /** `partKey` of the newest rotated part when this file was found. */
  after: string | undefined
  /** Its modification time when it was last read, before what cut it short. */
  #readAt = 0n

  private constructor(handle: FileHandle, stats: BigIntStats) {
    this.#handle = handle
    this.inode = inodeOf(stats)
    this.see(stats)
    this.#readAt = stats.mtimeNs
  }

  /** undefined = not there, or no regular file (any more). @throws if it cannot be opened */
  static async open(path: string): Promise<OpenLog | undefined> {
    let handle: FileHandle
    try {
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    const stats = await handle.stat({ bigint: true })
    if (stats.isFile()) return new OpenLog(handle, stats)
    await handle.close()
    return undefined
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /** From the first line that is not complete yet: nothing that stands in the file is told. */
  async seekEnd(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      await this.look()
      this.#head = await this.#read(0, headBytes)
      const from = Math.max(0, this.size - longestLine)
      const end = await this.#read(from, this.size - from)
      const last = end.lastIndexOf(newline)
      this.offset = last < 0 ? from : from + last + 1
      this.counted = this.offset
      this.#inLongLine = last < 0 && from > 0
      // Shorter than it was a moment ago: it was just truncated.
      if (end.length === this.size - from && this.#head.length >= Math.min(headBytes, this.size))
        return
    }
  }

  /** Goes on at this position if this is the file, or a copy of the file, that it was taken from. */
  async seek(position: LogPosition): Promise<boolean> {
    const { head, offset, counted, inLongLine, modifiedMs, after } = position
    if (this.size < offset || !(await this.startsAs(position))) return false
    const bytes = await this.#read(0, head.bytes)
    if (bytes.length !== head.bytes) return false
    this.#head = bytes
    this.offset = offset
    this.counted = counted
    this.after = after
    this.#inLongLine = inLongLine === true
    this.#readAt = BigInt(Math.floor(modifiedMs * 1e6))
    return true
  }

  async startsAs({ head }: LogPosition): Promise<boolean> {
    const bytes = await this.#read(0, Math.min(head.bytes, headBytes))
    return bytes.length === head.bytes && sha256(bytes) === head.sha256
  }

  /** Sees how long the file is now. */
  async look(): Promise<void> {
    this.see(await this.#handle.stat({ bigint: true }))
  }

  see(stats: BigIntStats): void {
    this.size = Number(stats.size)
    this.modified = stats.mtimeNs
  }

  /** Nothing was written since the end was reached. */
  get idle(): boolean {
    return this.size === this.#sizeAtEnd && this.modified === this.#modifiedAtEnd
  }

  /**
   * Hands over the whole lines of the next slice, and counts them as read when `take` returns.
   * false = this is not the file any more that was read so far: truncated, and perhaps written anew.
   * Of a file that was never read this cannot be seen: `confirmFirst` is asked with the first slice
   * in hand, if an empty one, and looks for a copy of what it was.
   */
  async lines(
    sliceBytes: number,
    confirmFirst: () => Promise<boolean>,
    take: (lines: LogLine[]) => void,
  ): Promise<boolean> {
    if (this.size < this.offset) return false
    const { size, modified } = this
    const slice = await this.#read(this.offset, Math.min(sliceBytes, size - this.offset))
    // The head is read after the slice: if it is still the same, the slice was of this file.
    const head = await this.#read(0, headBytes)
    if (!startsWith(head, this.#head)) return false
    if (head.length < Math.min(headBytes, this.offset + slice.length)) return false
    if (this.offset < head.length && !agree(slice, head.subarray(this.offset))) return false
    // An empty one too: it may have been written, copied and cut short since the last look.
    if (this.#head.length === 0 && !(await confirmFirst())) return true
    this.#head = head
    const { lines, read } = this.#split(slice)
    take(lines)
    this.offset += read
    this.#readAt = modified
    if (slice.length < sliceBytes) {
      this.#sizeAtEnd = size
      this.#modifiedAtEnd = modified
    }
    return true
  }

  fingerprint(end: number): string {
    if (end < headBytes) return sha256(this.#head.subarray(0, end))
    this.#whole ??= sha256(this.#head)
    return this.#whole
  }
  #whole: string | undefined

  position(path: string, reader: unknown, at = this.offset, end = at): LogPosition {
    const bytes = Math.min(end, headBytes)
    return {
      path,
      inode: this.inode,
      head: { bytes, sha256: this.fingerprint(bytes) },
      offset: at,
      counted: Math.max(this.counted, this.offset),
      modifiedMs: Number(this.#readAt) / 1e6,
      ...(this.after !== undefined && { after: this.after }),
      ...(this.#inLongLine && at === this.offset && { inLongLine: true as const }),
      reader,
      generation: this.generation,
    }
  }

  #split(slice: Buffer): { lines: LogLine[]; read: number } {
    const lines: LogLine[] = []
    const ascii = isAscii(slice)
    let start = 0
    while (start < slice.length) {
      // A writer that did not see the truncation leaves a hole of zeros.
      if (!this.#inLongLine) while (slice[start] === 0) start++
      const end = slice.indexOf(newline, start)
      if (end < 0) break
      const offset = this.offset + start
      const long = this.#inLongLine || end - start > longestLine
      const text = long ? '' : textOf(slice, start, end, ascii)
      lines.push({ text, offset, end: this.offset + end + 1 })
      this.#inLongLine = false
      start = end + 1
    }
    if (slice.length - start > longestLine) this.#inLongLine = true
    return { lines, read: this.#inLongLine ? slice.length : start }
  }

  async #read(position: number, length: number): Promise<Buffer> {
    if (length <= 0) return Buffer.alloc(0)
    const buffer = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(
        buffer,
        filled,
        length - filled,
        position + filled,
      )
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }
}

export function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}

function textOf(slice: Buffer, start: number, end: number, ascii: boolean): string {
  const last = slice[end - 1] === 13 && end > start ? end - 1 : end
  if (!ascii) return decode(slice.subarray(start, last))
  const text = slice.toString('latin1', start, last)
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}

function startsWith(whole: Buffer, start: Buffer): boolean {
  return whole.length >= start.length && whole.subarray(0, start.length).equals(start)
}

function agree(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length)
  return a.subarray(0, length).equals(b.subarray(0, length))
}
