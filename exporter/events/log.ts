import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type EventDraft, events, type LicenseEvent, sample } from '../catalogue.ts'
import type { Config } from '../config/schema.ts'
import type { EventLog, Instruments, Logger } from '../parts.ts'
import { type Announced, type Carried, type LogPositions, withSubjects } from './announced.ts'
import { createEventMemory } from './memory.ts'
import { createLogSender, type SenderClock, systemClock } from './otlp.ts'
import type { SignalSettings } from './otlp-settings.ts'
import { createMemoryQueue, type EventQueue, type Unnumbered } from './queue.ts'
import type { SpoolRecord } from './record.ts'
import { openSpool } from './spool.ts'
import { readStateFile, type SavedState, writeStateFile } from './state-file.ts'

export interface EventLogOptions {
  events: Config['events']
  stateDir: string | undefined
  /** Where log records are pushed; undefined = nowhere. */
  otlp: SignalSettings | undefined
  resource: Readonly<Record<string, string>>
  instruments: Pick<Instruments, 'event' | 'eventsDropped' | 'otlpError'>
  log: Logger
  /** One line with its end; stdout unless told otherwise. */
  write?: (line: string) => void
  clock?: SenderClock
}

/** Sources of what is saved beside the spool. */
export interface Kept {
  announced(): Announced
  positions(): LogPositions
}

/** The exporter's events with what a restart needs; the rest of the program sees `EventLog`. */
export interface DurableEventLog extends EventLog {
  emit(draft: EventDraft, carried?: Carried): LicenseEvent
  /** Resolves when all that was emitted before is on disk, or counted as dropped. */
  flush(): Promise<void>
  /** What an earlier process announced and read, later records of the spool included. */
  readonly restored: Pick<SavedState, 'announced' | 'positions'>
  /** Saved every 60 s, at the end, and before records leave the spool. */
  keep(sources: Partial<Kept>): void
  /** Saves now. */
  checkpoint(): Promise<void>
  reconfigure(settings: Pick<EventLogOptions, 'events' | 'otlp' | 'resource'>): void
}

const closeWithinMs = 5000
const checkpointMs = 60_000
const atOnce = 256
const mostPending = 20_000

/** @throws ExporterError for a state_dir that cannot be used or that a newer version wrote */
export async function createEventLog(options: EventLogOptions): Promise<DurableEventLog> {
  const { stateDir, instruments, log } = options
  const clock = options.clock ?? systemClock
  const write = options.write ?? (line => void process.stdout.write(line))
  let settings: Pick<EventLogOptions, 'events' | 'otlp' | 'resource'> = options
  const memory = createEventMemory(settings.events.keep)
  const listeners = new Set<(event: LicenseEvent) => void>()
  const sources: Partial<Kept> = {}

  const stateFile = stateDir && join(stateDir, 'events-state.json')
  const saved = stateFile ? await readStateFile(stateFile) : undefined
  if (saved?.damaged) log.warn('The state file was damaged and is put aside', { path: stateFile })
  const restored = restore(saved)
  const queue = await openQueue()
  const sender = createLogSender({ queue, instruments, log, clock })
  sender.use(settings.otlp, settings.resource)

  async function openQueue(): Promise<EventQueue> {
    const dropped = (reason: string, count: number) => instruments.eventsDropped(reason, count)
    if (!stateDir) {
      if (settings.otlp) {
        log.warn('Without state_dir events wait in memory only: a restart loses unsent ones')
      }
      return createMemoryQueue({ dropped, idle: () => settings.otlp === undefined })
    }
    return openSpool({
      folder: join(stateDir, 'spool'),
      maxBytes: () => settings.events.spool_max_bytes,
      maxAgeSeconds: () => settings.events.spool_max_age,
      now: clock.now,
      dropped,
      idle: () => settings.otlp === undefined,
      beforeCut: checkpoint,
      onRecord(record) {
        memory.add(record.event)
        restored.add(record)
      },
      warn: log.warn,
    })
  }

  const pending: Unnumbered[] = []
  let flushing: Promise<void> | undefined
  function flush(): Promise<void> {
    if (!flushing && pending.length > 0) flushing = writePending()
    return flushing ?? Promise.resolve()
  }

  async function writePending(): Promise<void> {
    while (pending.length > 0) {
      await queue.append(pending.splice(0, atOnce))
      sender.wake()
    }
    flushing = undefined
  }

  function emit(draft: EventDraft, carried: Carried = {}): LicenseEvent {
    const known = carried.id === undefined ? undefined : memory.find(carried.id)
    if (known) return known
    const now = clock.now()
    const event = eventOf(draft, carried, now)
    memory.add(event)
    instruments.event(event.event)
    quietly(() => write(`${JSON.stringify(event)}\n`))
    for (const listener of listeners) quietly(() => listener(event))
    if (pending.length >= mostPending) {
      instruments.eventsDropped('queue', 1)
      return event
    }
    const { announced, origin } = carried
    pending.push({
      written: Math.floor(now.getTime() / 1000),
      event,
      ...(announced && { announced }),
      ...(origin && { origin }),
    })
    // Those of one reading are written together.
    if (!flushing) setImmediate(() => void flush())
    return event
  }

  function quietly(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      log.error('An event could not be told', { error: String(error) })
    }
  }

  let saving: Promise<void> = Promise.resolve()
  function checkpoint(): Promise<void> {
    if (!stateFile) return Promise.resolve()
    saving = saving.then(async () => {
      // State first, then the wait: its events are on disk before the state says so. Records that
      // come in between count again at the next start, which changes nothing.
      const through = queue.lastSeq
      const announced = sources.announced?.() ?? restored.announced
      const positions = sources.positions?.() ?? restored.positions
      await flush()
      await writeStateFile(stateFile, { version: 1, through, announced, positions })
    })
    saving = saving.catch(error =>
      log.warn('The state file could not be written', { path: stateFile, error: String(error) }),
    )
    return saving
  }
  const timer = setInterval(() => void checkpoint(), checkpointMs)
  timer.unref()

  let closed: Promise<void> | undefined
  async function end(): Promise<void> {
    clearInterval(timer)
    await within(closeWithinMs, async deadline => {
      await flush()
      await checkpoint()
      await sender.close(deadline)
      await queue.close()
    })
    sender.abort()
  }

  return {
    emit,
    flush,
    restored,
    keep: more => void Object.assign(sources, more),
    checkpoint,
    reconfigure(next) {
      settings = next
      memory.resize(next.events.keep)
      sender.use(next.otlp, next.resource)
    },
    recent: memory.recent,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    *samples() {
      yield sample('license_exporter_spool_bytes', {}, queue.bytes)
      const { oldestAt } = queue
      if (oldestAt !== undefined) {
        yield sample('license_exporter_spool_oldest_timestamp_seconds', {}, oldestAt)
      }
    },
    close: () => (closed ??= end()),
  }
}

/** timestamp, level, msg, event, id, severity, then the attributes: the order of every line. */
export function eventOf(draft: EventDraft, { id, at }: Carried, now: Date): LicenseEvent {
  const { level, severity } = events[draft.event]
  const attributes: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(draft.attributes)) {
    // OTLP and JSON have no NaN; an absent attribute is what unknown looks like everywhere.
    if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue
    attributes[name] = value
  }
  return {
    timestamp: (at ?? now).toISOString(),
    level: draft.level ?? level,
    msg: draft.msg,
    event: draft.event,
    id: id ?? randomUUID().replaceAll('-', ''),
    severity: draft.severity ?? severity,
    ...attributes,
  }
}

/** The state file, then what later records of the spool carry. */
function restore(saved: SavedState | undefined) {
  const state = {
    announced: saved?.announced ?? {},
    positions: { ...saved?.positions } as Record<string, unknown>,
    add({ seq, announced, origin }: SpoolRecord) {
      if (seq <= (saved?.through ?? 0)) return
      if (announced) {
        state.announced = withSubjects(state.announced, announced.server, announced.subjects)
      }
      if (origin) state.positions[origin.server] = origin.resume
    },
  }
  return state
}

/** Ends by then whatever the work does. */
async function within(ms: number, work: (deadline: number) => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work(Date.now() + ms - 500).catch(() => {}), over])
  clearTimeout(timer)
}
