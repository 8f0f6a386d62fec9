import { mkdir, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Batch, EventQueue, QueueOptions, Unnumbered } from './queue.ts'
import type { SpoolRecord } from './record.ts'
import { readRecords, type Segment } from './segment.ts'
import { createWriter } from './segment-writer.ts'
import { readSpool } from './spool-recovery.ts'

export interface SpoolOptions extends QueueOptions {
  /** Made if it is not there. */
  folder: string
  maxBytes(): number
  maxAgeSeconds(): number
  now(): Date
  /** What the records carry must be safe elsewhere before they go; never rejects. */
  beforeCut(): Promise<void>
  /** Every readable record at start, oldest first. */
  onRecord(record: SpoolRecord): void
  warn(msg: string, facts: Record<string, string | number>): void
}

/**
 * Unsent events on disk, in files of at most 4 MiB. A record is taken when it is written and
 * fsynced; `sent.json` says up to where the collector has them (losing it sends some again, with
 * the same ids). Files go when all in them is sent, or too old, or too many.
 * @throws ExporterError for a folder that cannot be used or that a newer version wrote
 */
export async function openSpool(options: SpoolOptions): Promise<EventQueue> {
  const { folder, dropped, warn } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { segments, nextSeq, lost } = await readSpool(folder, options.onRecord)
  if (lost > 0) lose(lost)
  let seq = nextSeq
  const segmentBytes = Math.max(4096, Math.min(4 * 1024 ** 2, Math.floor(options.maxBytes() / 16)))
  const writer = createWriter(folder, segmentBytes, segments)
  const sentFile = join(folder, 'sent.json')

  const exclusive = createLock()
  let cutting: Promise<void> | undefined

  async function append(records: readonly Unnumbered[]): Promise<void> {
    const numbered = records.map((record, index) => ({ ...record, seq: seq + index }))
    try {
      await writer.write(numbered)
      seq += numbered.length
    } catch (error) {
      dropped('disk', records.length)
      warn('Events could not be written to the spool', { folder, error: message(error) })
    }
    if (!options.idle()) return
    for (const segment of segments) markSent(segment, segment.bytes, segment.times.length)
    await writeSent()
  }

  /**
   * Removes what is sent and what is too much. Never inside the lock: what the records carry is
   * saved first, and that waits for events that are being written.
   */
  function cut(): Promise<void> {
    cutting ??= (async () => {
      if (finished().length === 0 && totalBytes() <= options.maxBytes()) return
      await options.beforeCut()
      await exclusive(removeFinished)
    })().finally(() => {
      cutting = undefined
    })
    return cutting
  }

  async function removeFinished(): Promise<void> {
    for (const segment of finished()) await remove(segment)
    let count = 0
    for (let over = totalBytes() - options.maxBytes(); over > 0 && segments.length > 1; ) {
      const oldest = segments[0] as Segment
      count += unsent(oldest)
      over -= oldest.bytes
      await remove(oldest)
    }
    if (count > 0) say('size', count, 'The spool is full: its oldest events are dropped')
    await writeSent()
  }

  /** The file in use stays until it is worth a new one. */
  function finished(): Segment[] {
    return segments.filter(
      one => unsent(one) === 0 && (one !== writer.current || one.bytes > segmentBytes / 4),
    )
  }

  function totalBytes(): number {
    return segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Drops what is too old from the front. */
  async function cutAge(): Promise<void> {
    const limit = options.now().getTime() / 1000 - options.maxAgeSeconds()
    let cut = 0
    for (const segment of segments) {
      const old = segment.times.findIndex((at, index) => index >= segment.sentRecords && at > limit)
      const count = (old < 0 ? segment.times.length : old) - segment.sentRecords
      if (count > 0) {
        const { end } = await readUnsent(segment, count)
        markSent(segment, end, segment.sentRecords + count)
        cut += count
      }
      if (old >= 0) break
    }
    if (cut === 0) return
    say('age', cut, 'Events waited too long for the collector and are dropped')
    await writeSent()
  }

  function say(reason: 'size' | 'age', count: number, msg: string): void {
    dropped(reason, count)
    warn(msg, { folder, events: count })
  }

  async function peek(max: number): Promise<Batch> {
    await cutAge()
    for (;;) {
      const segment = segments.find(one => unsent(one) > 0)
      if (!segment) return { records: [], end: { segment: 0, offset: 0, records: 0 } }
      const wanted = Math.min(max, unsent(segment))
      const { records, end } = await readUnsent(segment, wanted)
      const until = segment.sentRecords + wanted
      if (records.length < wanted) lose(wanted - records.length)
      if (records.length > 0) {
        return { records, end: { segment: segment.number, offset: end, records: until } }
      }
      markSent(segment, end, until)
    }
  }

  /** A file that somebody took away is a loss, not an end of sending. */
  async function readUnsent(segment: Segment, count: number) {
    try {
      return await readRecords(segment.path, segment.sentBytes, count)
    } catch (error) {
      warn('A file of the spool could not be read', { folder, error: message(error) })
      return { records: [], end: segment.sentBytes }
    }
  }

  function lose(events: number): void {
    dropped('corrupt', events)
    warn('The spool was damaged: events are lost', { folder, events })
  }

  async function done({ end }: Batch): Promise<void> {
    const segment = segments.find(({ number }) => number === end.segment)
    if (!segment) return
    markSent(segment, end.offset, end.records)
    await writeSent()
  }

  /** No fsync: after a power cut an older mark sends some events again, with the same ids. */
  async function writeSent(): Promise<void> {
    const segment = segments.find(one => unsent(one) > 0) ?? segments.at(-1)
    if (!segment) return
    const { number, sentBytes } = segment
    try {
      await writeFile(`${sentFile}.tmp`, JSON.stringify({ segment: number, offset: sentBytes }), {
        mode: 0o600,
      })
      await rename(`${sentFile}.tmp`, sentFile)
    } catch (error) {
      warn('The mark of the sent events could not be written', { folder, error: message(error) })
    }
  }

  async function remove(segment: Segment): Promise<void> {
    if (segment === writer.current) await writer.end()
    segments.splice(segments.indexOf(segment), 1)
    await unlink(segment.path).catch(error =>
      warn('A file of the spool could not be removed', { folder, error: message(error) }),
    )
  }

  return {
    async append(records) {
      await exclusive(() => append(records))
      void cut()
    },
    peek: max => exclusive(() => peek(max)),
    async done(batch) {
      await exclusive(() => done(batch))
      void cut()
    },
    get lastSeq() {
      return seq - 1
    },
    get size() {
      return segments.reduce((sum, segment) => sum + unsent(segment), 0)
    },
    get bytes() {
      return segments.reduce((sum, { bytes, sentBytes }) => sum + bytes - sentBytes, 0)
    },
    get oldestAt() {
      const segment = segments.find(one => unsent(one) > 0)
      return segment?.times[segment.sentRecords]
    },
    async close() {
      await cutting
      await exclusive(writer.end)
    },
  }
}

function unsent({ times, sentRecords }: Segment): number {
  return times.length - sentRecords
}

function markSent(segment: Segment, bytes: number, records: number): void {
  segment.sentBytes = Math.max(segment.sentBytes, bytes)
  segment.sentRecords = Math.max(segment.sentRecords, records)
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** One operation on the files at a time, in order. */
function createLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }
}
