import type { LogReader } from '../managers/manager.ts'
import type { Logger } from '../parts.ts'
import type { LogState } from '../state.ts'
import { FollowedLog } from './followed-log.ts'
import type { LogPosition, TailEntry } from './log-position.ts'

export interface TailOptions {
  /** Name of the server: part of the ids of entries. */
  server: string
  paths: readonly string[]
  /** A reader for each log: it keeps the date between lines. */
  reader(): LogReader
  /** What was understood, in the order of each log, before a checkpoint counts it as read. */
  onEntries(entries: readonly TailEntry[]): void
  /** A log cannot be read, or can be again (undefined). */
  onProblem?(path: string, problem: string | undefined): void
  /** Where an earlier run stopped; a log without a position begins at its end. */
  positions?: readonly LogPosition[] | undefined
  log: Logger
  now?: () => Date
  sliceBytes?: number
  drainSeconds?: number
}

/**
 * Follows the vendor's logs of one server through rotation, truncation, copytruncate and late
 * creation. It looks when `read` is called and never waits for a file to change.
 */
export interface Tail {
  /** A bounded part of what is new; true = there is more. Never throws. */
  read(): Promise<boolean>
  readonly state: LogState
  /** Where reading goes on after a restart. */
  checkpoint(): LogPosition[]
  close(): Promise<void>
}

const defaultSliceBytes = 256 * 1024
const defaultDrainSeconds = 60

export function createTail(options: TailOptions): Tail {
  const { server, paths, log, onEntries, onProblem, now = () => new Date() } = options
  const state: LogState = { lines: 0, lagBytes: 0, lastLineAt: undefined }
  const problems = new Map<string, string>()
  const logs = paths.map(path => ({
    path,
    followed: new FollowedLog({
      server,
      path,
      reader: options.reader(),
      positions: (options.positions ?? []).filter(one => one.path === path),
      sliceBytes: options.sliceBytes ?? defaultSliceBytes,
      drainMs: (options.drainSeconds ?? defaultDrainSeconds) * 1000,
      onEntries,
      log,
    }),
  }))
  let reading: Promise<boolean> | undefined
  let begun = false

  async function read(): Promise<boolean> {
    let more = false
    for (const { path, followed } of logs) {
      const slice = await followed.read()
      if (slice.problem !== problems.get(path)) tellProblem(path, slice.problem)
      state.lines += slice.lines
      if (slice.lines > 0) state.lastLineAt = now().getTime() / 1000
      more ||= slice.more
    }
    state.lagBytes = logs.reduce((sum, { followed }) => sum + followed.lagBytes, 0)
    if (!begun) {
      // A log that has been silent since before the start shows since when.
      const written = logs.map(({ followed }) => followed.modifiedAt ?? 0)
      if (state.lastLineAt === undefined && Math.max(...written) > 0) {
        state.lastLineAt = Math.max(...written)
      }
      begun = true
    }
    return more
  }

  function tellProblem(path: string, problem: string | undefined): void {
    if (problem === undefined) {
      problems.delete(path)
      log.info('the vendor log can be read again', { server, path })
    } else {
      problems.set(path, problem)
      log.warn(`the vendor log ${problem}`, { server, path })
    }
    onProblem?.(path, problem)
  }

  return {
    state,
    read() {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },
    checkpoint: () => logs.flatMap(({ followed }) => followed.positions()),
    async close() {
      await reading
      await Promise.all(logs.map(({ followed }) => followed.close()))
    },
  }
}
