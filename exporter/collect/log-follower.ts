import { setTimeout as sleep } from 'node:timers/promises'
import type { LicenseManager } from '../managers/manager.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { LogEntry } from '../model.ts'
import type { Logger } from '../parts.ts'
import type { ServerState } from '../state.ts'
import { admits } from './feature-filter.ts'
import type { LogPosition, TailEntry } from './log-position.ts'
import { createTail, type Tail } from './tail.ts'
import { tallyError, tallyLogEntry } from './tally.ts'
import { within } from './within.ts'

export interface LogFollowerOptions {
  /** Lines were read; of those that were understood the entries. */
  onLogEntry(server: ServerState, entries: readonly TailEntry[]): void
  now(): Date
  log: Logger
  pauseSeconds: number
}

interface Follower {
  tail: Tail
  state: ServerState
  config: ServerConfig
  lines: number
  batch: TailEntry[]
}

/** A share that hangs holds its own logs up, not those of others. */
const patienceSeconds = 5

/** Looks at the logs of all servers in turn: one timer, however many they are. */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #followers = new Map<string, Follower>()
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: LogFollowerOptions) {
    this.#options = options
  }

  add(
    state: ServerState,
    config: ServerConfig,
    manager: LicenseManager,
    context: { timeZone: string; positions: readonly LogPosition[] | undefined },
  ): void {
    const { logReader } = manager
    if (!logReader || config.logs.length === 0) return
    const { now, log } = this.#options
    const { timeZone, positions } = context
    const tail = createTail({
      server: config.name,
      paths: config.logs,
      reader: () => logReader.call(manager, { now: now(), timeZone }),
      onEntries: entries => {
        // One that was just replaced may still be at its last slice.
        if (this.#followers.get(config.name) === follower) this.#take(follower, entries)
      },
      onProblem: (_, problem) => {
        if (problem !== undefined) tallyError(follower.state.tally, problem)
      },
      positions,
      log,
      now,
    })
    const follower: Follower = { tail, state, config, lines: 0, batch: [] }
    state.log = tail.state
    this.#followers.set(config.name, follower)
  }

  /** The same logs under a changed configuration of their server. */
  keep(state: ServerState, config: ServerConfig): void {
    const follower = this.#followers.get(config.name)
    if (!follower) return
    follower.state = state
    follower.config = config
    state.log = follower.tail.state
  }

  async remove(server: string): Promise<void> {
    const follower = this.#followers.get(server)
    this.#followers.delete(server)
    await follower?.tail.close()
  }

  start(): void {
    this.#running ??= this.#run()
  }

  checkpoint(server: string): LogPosition[] {
    return this.#followers.get(server)?.tail.checkpoint() ?? []
  }

  /** Nothing is read any more; where reading stopped can still be asked. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await within(1, this.#running ?? Promise.resolve(), () => new Error('late')).catch(() => {})
  }

  async close(): Promise<void> {
    await this.stop()
    const late = () => new Error('late')
    const ends = [...this.#followers.values()].map(one => within(1, one.tail.close(), late))
    await Promise.allSettled(ends)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    const { log, pauseSeconds } = this.#options
    while (!signal.aborted) {
      const started = performance.now()
      let more = false
      for (const follower of [...this.#followers.values()]) {
        if (signal.aborted) return
        try {
          const late = () => new Error('its logs take too long')
          more = (await within(patienceSeconds, follower.tail.read(), late)) || more
        } catch (error) {
          log.warn('the vendor logs cannot be followed now', {
            server: follower.config.name,
            why: String(error),
          })
        }
        this.#tell(follower)
      }
      // At most a twentieth of one core for looking at logs that say nothing.
      const spent = performance.now() - started
      const pause = more ? 0 : Math.max(pauseSeconds * 1000, 19 * spent)
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  #take(follower: Follower, entries: readonly TailEntry[]): void {
    for (const one of entries) {
      const entry = withVendor(one.entry, follower.state)
      if ('feature' in entry && !admits(follower.config.features, entry.feature)) continue
      if (!one.replayed) tallyLogEntry(follower.state.tally, entry)
      follower.batch.push(entry === one.entry ? one : { ...one, entry })
    }
    this.#tell(follower)
  }

  #tell(follower: Follower): void {
    const { tail, state, batch } = follower
    if (batch.length === 0 && tail.state.lines === follower.lines) return
    follower.lines = tail.state.lines
    follower.batch = []
    try {
      this.#options.onLogEntry(state, batch)
    } catch (error) {
      this.#options.log.error('log lines could not be told', {
        server: state.name,
        why: String(error),
      })
    }
  }
}

/** Where the log does not tell, it is the server's only daemon. */
function withVendor(entry: LogEntry, { good }: ServerState): LogEntry {
  if (entry.vendor !== '' && entry.vendor !== 'unknown') return entry
  const [only, ...others] = good?.snapshot.daemons ?? []
  return { ...entry, vendor: only && others.length === 0 ? only.vendor : 'unknown' }
}
