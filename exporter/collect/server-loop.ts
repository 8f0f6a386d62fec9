import { ExporterError } from '../errors.ts'
import type { LicenseManager } from '../managers/manager.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { Logger, ReadingChange } from '../parts.ts'
import type { Reading, ServerState } from '../state.ts'
import { readServer, type ServerAnswer } from './read-server.ts'
import { nextPause } from './schedule.ts'
import type { Slots, Waiting } from './slots.ts'
import { tallyReading } from './tally.ts'
import { within } from './within.ts'

export interface ServerLoopOptions {
  config: ServerConfig
  manager: LicenseManager
  state: ServerState
  slots: Slots
  timeZone: string
  now(): Date
  onReading(change: ReadingChange): void
  log: Logger
}

/** A file that is just being written is left alone so often, then it is a failure. */
const patience = 3
const retrySeconds = 5
const patienceAtEnd = 4

/** Reads one server again and again, never twice at once. */
export class ServerLoop {
  readonly config: ServerConfig
  readonly state: ServerState
  readonly #options: ServerLoopOptions
  readonly #abort = new AbortController()
  #due = 0
  #timer: NodeJS.Timeout | undefined
  #waiting: Waiting | undefined
  #flight: PromiseWithResolvers<Reading | undefined> | undefined
  #failures = 0
  #changing = 0

  constructor(options: ServerLoopOptions) {
    this.#options = options
    this.config = options.config
    this.state = options.state
  }

  start(): void {
    if (!this.#abort.signal.aborted && !this.#flight) this.#queue(performance.now())
  }

  /** A reading that has not begun yet, or the one under way. */
  readNow(): Promise<Reading | undefined> {
    if (this.#abort.signal.aborted) return Promise.resolve(undefined)
    return this.#flight?.promise ?? this.#queue(performance.now())
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    if (this.#waiting && this.#options.slots.remove(this.#waiting)) this.#land(undefined)
    // A tool is ended in 3 s; a share that hangs cannot be, and nobody waits for it.
    const ended = this.#flight?.promise ?? Promise.resolve(undefined)
    await within(patienceAtEnd, ended, () => new Error('late')).catch(() => {})
  }

  #queue(due: number): Promise<Reading | undefined> {
    clearTimeout(this.#timer)
    this.#due = due
    const flight = Promise.withResolvers<Reading | undefined>()
    this.#flight = flight
    this.#waiting = { due, suspect: this.#failures > 0, begin: () => this.#read() }
    this.#options.slots.add(this.#waiting)
    return flight.promise
  }

  async #read(): Promise<void> {
    const { config, manager, now, timeZone } = this.#options
    const begun = performance.now()
    const { signal } = this.#abort
    let answer: ServerAnswer | undefined
    let failure: ExporterError | undefined
    try {
      answer = await readServer(config, manager, { now, timeZone, signal })
      if (!answer && ++this.#changing >= patience) {
        const message = `${config.read} changes all the time: let the job write another file and rename it`
        failure = new ExporterError('unreadable', message, { file: config.read ?? '' })
      }
    } catch (error) {
      failure = this.#understandable(error)
    }
    if (signal.aborted) {
      this.#land(undefined)
      return
    }
    const seconds = (performance.now() - begun) / 1000
    const base = { server: config.name, manager: config.manager, seconds }
    if (failure) {
      this.#take({ ...base, at: now(), error: failure }, begun)
    } else if (answer) {
      const { at, besideErrors } = answer
      // The texts of lines that were not understood are for the terminal; here they only count.
      const reading: Reading = { ...base, at, snapshot: answer.snapshot }
      if (besideErrors.length > 0) reading.besideErrors = besideErrors
      this.#take(reading, begun)
    } else {
      this.#options.log.debug('the file is just being written', { server: config.name })
      this.#schedule(begun, Math.min(config.interval, retrySeconds))
      this.#land(this.state.reading)
    }
  }

  #take(reading: Reading, begun: number): void {
    const { state } = this
    const { config, log, onReading } = this.#options
    const before = state.reading
    this.#changing = 0
    this.#failures = 'error' in reading ? this.#failures + 1 : 0
    tallyReading(state.tally, reading, state.hasLogs)
    const after = withoutTexts(reading)
    state.reading = after
    if ('snapshot' in after) state.good = after
    state.delaySeconds = Math.max(0, begun - this.#due) / 1000
    this.#schedule(begun, nextPause(config.interval, this.#failures, Math.random()))
    if ('error' in after) {
      const { code, message } = after.error
      log.debug(message, { server: config.name, reason: code })
    }
    try {
      onReading({ server: state, before, after })
    } catch (error) {
      log.error('a reading could not be told', { server: config.name, why: String(error) })
    }
    this.#land(after)
  }

  #schedule(begun: number, seconds: number): void {
    const due = Math.max(performance.now(), begun + seconds * 1000)
    this.#timer = setTimeout(() => this.#queue(due), due - performance.now())
  }

  #land(reading: Reading | undefined): void {
    this.#flight?.resolve(reading)
    this.#flight = undefined
    this.#waiting = undefined
  }

  #understandable(error: unknown): ExporterError {
    if (error instanceof ExporterError) return error
    const { config, log } = this.#options
    const why = error instanceof Error ? error.stack : String(error)
    log.error('the answer of a license server broke its parser', { server: config.name, why })
    const message = `the answer could not be understood: run "license-exporter parse --manager ${config.manager}" on it`
    return new ExporterError('unreadable', message, {}, { cause: error })
  }
}

function withoutTexts(reading: Reading): Reading {
  if ('error' in reading || reading.snapshot.unparsed.length === 0) return reading
  return { ...reading, snapshot: { ...reading.snapshot, unparsed: [] } }
}
