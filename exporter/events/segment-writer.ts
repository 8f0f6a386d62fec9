import { type FileHandle, open, unlink } from 'node:fs/promises'
import { encodeRecord, type SpoolRecord } from './record.ts'
import { header, type Segment, segmentPath } from './segment.ts'

/** Appends to the newest file of the spool and begins a new one when it is full. */
export interface SegmentWriter {
  readonly current: Segment | undefined
  /** Resolves when all of them are fsynced; rejects when none of them is taken. */
  write(records: readonly SpoolRecord[]): Promise<void>
  /** The next write begins a new file. */
  end(): Promise<void>
}

/** A restart never appends to an old file: its last line may be torn. */
export function createWriter(
  folder: string,
  segmentBytes: number,
  segments: Segment[],
): SegmentWriter {
  let handle: FileHandle | undefined
  let current: Segment | undefined

  async function end(): Promise<void> {
    const old = handle
    handle = undefined
    current = undefined
    await old?.close().catch(() => {})
  }

  async function begin(): Promise<[FileHandle, Segment]> {
    const number = (segments.at(-1)?.number ?? 0) + 1
    const path = segmentPath(folder, number)
    const made = await open(path, 'wx', 0o600)
    try {
      await writeAll(made, Buffer.from(header), 0)
      await made.sync()
      await syncFolder(folder)
    } catch (error) {
      await made.close().catch(() => {})
      await unlink(path).catch(() => {})
      throw error
    }
    const bytes = header.length
    const segment = { number, path, bytes, sentBytes: bytes, sentRecords: 0, times: [] }
    segments.push(segment)
    handle = made
    current = segment
    return [made, segment]
  }

  async function write(records: readonly SpoolRecord[]): Promise<void> {
    if (current && current.bytes >= segmentBytes) await end()
    const [file, segment] = handle && current ? [handle, current] : await begin()
    const bytes = Buffer.from(records.map(encodeRecord).join(''))
    try {
      await writeAll(file, bytes, segment.bytes)
      await file.datasync()
    } catch (error) {
      // What a full disk took of it must not stand in front of the next record.
      await file.truncate(segment.bytes).catch(end)
      throw error
    }
    segment.bytes += bytes.length
    for (const { written } of records) segment.times.push(written)
  }

  return {
    get current() {
      return current
    },
    write,
    end,
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

/** A new file is durable when its folder's entry is. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
