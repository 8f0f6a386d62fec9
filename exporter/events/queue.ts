import type { SpoolRecord } from './record.ts'

export type DropReason = 'size' | 'age' | 'disk' | 'queue' | 'corrupt'

/** Events that wait for the collector, oldest first: on disk (spool.ts) or in memory. */
export interface EventQueue {
  /** Resolves when they are durable, or dropped and counted; never rejects. */
  append(records: readonly Unnumbered[]): Promise<void>
  /** The oldest unsent ones; empty = none waits. */
  peek(max: number): Promise<Batch>
  /** The batch is delivered, or refused for good. */
  done(batch: Batch): Promise<void>
  /** Number of the newest record. */
  readonly lastSeq: number
  /** Unsent events. */
  readonly size: number
  readonly bytes: number
  /** Unix seconds at which the oldest unsent one was written. */
  readonly oldestAt: number | undefined
  close(): Promise<void>
}

export type Unnumbered = Omit<SpoolRecord, 'seq'>

export interface Batch {
  readonly records: readonly SpoolRecord[]
  /** The queue's own mark of its end. */
  readonly end: { segment: number; offset: number; records: number }
}

export interface QueueOptions {
  dropped(reason: DropReason, count: number): void
  /** Nothing is sent anywhere: records are done as soon as they are written. */
  idle(): boolean
}

/** Without a state_dir: what waits lives in memory, the newest `max` of it. */
export function createMemoryQueue({ dropped, idle }: QueueOptions, max = 10_000): EventQueue {
  let first = 1
  let waiting: SpoolRecord[] = []
  let next = 1
  return {
    async append(records) {
      if (idle()) return
      for (const record of records) waiting.push({ ...record, seq: next++ })
      const over = waiting.length - max
      if (over <= 0) return
      waiting = waiting.slice(over)
      first += over
      dropped('queue', over)
    },
    async peek(count) {
      const records = waiting.slice(0, count)
      return { records, end: { segment: 0, offset: first + records.length, records: 0 } }
    },
    async done({ end }) {
      const sent = Math.max(0, end.offset - first)
      waiting = waiting.slice(sent)
      first += sent
    },
    get lastSeq() {
      return next - 1
    },
    get size() {
      return waiting.length
    },
    bytes: 0,
    get oldestAt() {
      return waiting[0]?.written
    },
    async close() {},
  }
}
