import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema.ts'
import { manager as registered } from '../managers/index.ts'
import type { LicenseManager } from '../managers/manager.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { Logger, Poller, ReadingChange } from '../parts.ts'
import type { ServerState } from '../state.ts'
import { LogFollower } from './log-follower.ts'
import { type LogPosition, resumePositions, type TailEntry } from './log-position.ts'
import { filePositions, type PositionStore, type Positions } from './positions.ts'
import { ServerLoop } from './server-loop.ts'
import { serverState } from './server-state.ts'
import { Slots } from './slots.ts'

export interface PollerOptions {
  config: Config
  log: Logger
  onReading(change: ReadingChange): void
  /** Lines of a server's logs were read (its counters changed); the entries may be none. */
  onLogEntry?(server: ServerState, entries: readonly TailEntry[]): void
  /** Entries of this server that are in no written event yet: positions stay before them. */
  pendingEntries?(server: string): Iterable<TailEntry>
  /** Where to go on reading this server's logs, given what was saved: the later one counts. */
  resume?(server: string, saved: readonly LogPosition[]): readonly LogPosition[]
  /** Default: a file in `state_dir`, or none. */
  positions?: PositionStore | undefined
  manager?: (name: string) => LicenseManager
  now?: () => Date
  /** Between two looks at the logs. */
  logPauseSeconds?: number
}

/** A poller whose log positions others may keep as well (events/). */
export interface LogPoller extends Poller {
  checkpoint(server: string): LogPosition[]
  /** Writes all positions now: before the spool is cut, for example. */
  savePositions(): Promise<void>
}

const saveSeconds = 60
/** The end of a log where a first run began. */
const firstSaveSeconds = 3

/** The zone of this machine: vendors print local times without one. */
const hostTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export function createPoller(options: PollerOptions): LogPoller {
  const { log, manager = registered, now = () => new Date(), onReading } = options
  const loops = new Map<string, ServerLoop>()
  const servers = new Map<string, ServerState>()
  const slots = new Slots(options.config.max_tools)
  const ends = new Set<Promise<void>>()
  const store = options.positions ?? storeOf(options.config, log)
  const follower = new LogFollower({
    onLogEntry: options.onLogEntry ?? (() => {}),
    now,
    log,
    pauseSeconds: options.logPauseSeconds ?? 1,
  })
  let saved: Positions | undefined
  let firstSaving: NodeJS.Timeout | undefined
  let saving: NodeJS.Timeout | undefined
  let started = false
  let closed = false

  function configure(config: Config): void {
    const old = new Map(loops)
    loops.clear()
    servers.clear()
    for (const server of config.server) {
      const before = old.get(server.name)
      old.delete(server.name)
      const loop =
        before && isDeepStrictEqual(before.config, server) ? before : renew(server, before)
      loops.set(server.name, loop)
      servers.set(server.name, loop.state)
      if (!started || loop === before) continue
      if (before) end(before.close().then(() => loop.start()))
      else loop.start()
    }
    for (const [name, gone] of old) {
      end(gone.close())
      end(follower.remove(name))
    }
    slots.resize(config.max_tools)
  }

  function renew(config: ServerConfig, before: ServerLoop | undefined): ServerLoop {
    const its = manager(config.manager)
    const timeZone = config.timezone ?? hostTimeZone
    const state = serverState(config, its, before)
    const loop = new ServerLoop({
      config,
      manager: its,
      state,
      slots,
      timeZone,
      now,
      onReading,
      log,
    })
    if (before && sameLogs(before.config, config)) {
      follower.keep(state, config)
    } else {
      const positions = before ? follower.checkpoint(config.name) : load(config.name)
      if (before) end(follower.remove(config.name))
      follower.add(state, config, its, { timeZone, positions })
    }
    return loop
  }

  function load(server: string): readonly LogPosition[] {
    saved ??= store?.load() ?? {}
    const positions = saved[server] ?? []
    return options.resume?.(server, positions) ?? positions
  }

  function end(work: Promise<void>): void {
    const settled = work.catch(error => log.error('ending a server failed', { why: String(error) }))
    ends.add(settled)
    settled.finally(() => ends.delete(settled))
  }

  async function savePositions(): Promise<void> {
    if (!store) return
    const all: Record<string, LogPosition[]> = {}
    for (const { name, hasLogs } of servers.values()) {
      if (!hasLogs) continue
      const pending = options.pendingEntries?.(name) ?? []
      all[name] = resumePositions(follower.checkpoint(name), pending)
    }
    if (Object.keys(all).length > 0) await store.save(all)
  }

  configure(options.config)
  return {
    state: { servers },
    get ready() {
      return [...servers.values()].every(({ reading }) => reading !== undefined)
    },
    start() {
      if (started || closed) return
      started = true
      for (const loop of loops.values()) loop.start()
      follower.start()
      if (!store) return
      firstSaving = setTimeout(savePositions, firstSaveSeconds * 1000)
      saving = setInterval(savePositions, saveSeconds * 1000)
    },
    async readNow(server) {
      return await loops.get(server)?.readNow()
    },
    reconfigure(config) {
      if (!closed) configure(config)
    },
    checkpoint: server => follower.checkpoint(server),
    savePositions,
    async close() {
      if (closed) return
      closed = true
      clearInterval(saving)
      clearTimeout(firstSaving)
      const looping = [...loops.values()].map(loop => loop.close())
      await follower.stop()
      await savePositions()
      await Promise.all([...looping, follower.close(), ...ends])
    },
  }
}

function storeOf(config: Config, log: Logger): PositionStore | undefined {
  const hasLogs = config.server.some(({ logs }) => logs.length > 0)
  if (config.state_dir !== undefined) return filePositions(config.state_dir, log)
  if (hasLogs) log.info('without state_dir the vendor logs are read from their end after a restart')
  return undefined
}

function sameLogs(a: ServerConfig, b: ServerConfig): boolean {
  const of = ({ manager, logs, timezone }: ServerConfig) => ({ manager, logs, timezone })
  return isDeepStrictEqual(of(a), of(b))
}
