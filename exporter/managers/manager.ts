import type { z } from 'zod'
import type { LogEntry, Snapshot } from '../model.ts'

/**
 * All it takes to support one license manager. Pure: it says what to run and reads what came back.
 * One folder under managers/, fixtures, one line in managers/index.ts, and for a log one in
 * managers/log-readers.ts; no other file changes.
 */
export interface LicenseManager<Server extends ServerOptions = ServerOptions> {
  /** The value of the label `manager`. */
  name: string
  /** For people: "FlexLM (FlexNet Publisher)". */
  title: string
  /** Its part of a `[[server]]` table: address, tool and what else this manager needs. */
  server: z.ZodType<Server>
  /** Closed set of values of the label `section` of license_exporter_unparsed_lines_total. */
  sections: readonly string[]
  /** Lines of one capacity tell their own use (RLM, sesinetd): exhaustion is read there. */
  usedByPool: boolean
  /**
   * Idle reservations are lines of the status text (FlexLM): where lines are shown and none of them
   * is a reservation, none is idle.
   */
  reservationLines?: boolean
  /** Machines named by the address, in its order; members of the metrics until an answer lists them. */
  members(server: Server): string[]
  /** argv, never a shell line. `read` and `get` of the configuration replace the first request. */
  requests(server: Server): Request[]
  /**
   * Outputs in the order of `requests`. Throws ExporterError('unreadable') for text that is not
   * this tool's; a server that is down is data.
   */
  parse(outputs: readonly (Output | undefined)[], context: ParseContext<Server>): Snapshot
  /** What kind of text this is, for the command line: undefined = none that this manager knows. */
  recognise(text: string): string | undefined
  /** Texts that `parse --as` can force. */
  texts: readonly string[]
  /**
   * The same text with the same facts and no real names, for a bug report: users, hosts, displays,
   * servers, paths and signatures are replaced, features and daemons stay.
   * @param kind one of `texts`
   */
  anonymise?(text: string, kind: string): string
  /** A reader of the vendor's debug or report log; it keeps the date between lines. */
  logReader?(context: LogContext): LogReader
}

export interface ServerOptions {
  name: string
  address?: string | undefined
  tool?: string | undefined
  read?: string | undefined
  get?: string | undefined
  license_files?: string[] | undefined
}

/**
 * `beside` marks what adds to a reading but cannot fail it (a license file): its output is
 * undefined when it could not be read, and the failure is counted.
 */
export type Request = (
  | { run: readonly [tool: string, ...args: string[]]; env?: Readonly<Record<string, string>> }
  | { get: string; form?: Readonly<Record<string, string>> }
  | { read: string }
) & { text: string; beside?: true }

export interface Output {
  /** Which text this should be (`status`, `features`, `license_file` …); `auto` = recognise it. */
  text: string
  stdout: Uint8Array
  stderr: string
  /** undefined: not a process, or it died by a signal. */
  exitCode: number | undefined
  at: Date
}

export interface ParseContext<Server extends ServerOptions = ServerOptions> {
  now: Date
  /** IANA name: vendors print local times without a zone. */
  timeZone: string
  server: Server
}

export interface LogContext {
  now: Date
  timeZone: string
}

/**
 * Entries up to `size`. What stands behind it nobody needs any more: to fill an entry again costs
 * a fifth of a new one. Whoever keeps an entry of a batch keeps a copy.
 */
export interface LogBatch {
  entries: LogEntry[]
  size: number
}

export interface LogReader {
  /** One whole line without its end; undefined = nothing that we count. */
  read(line: string): LogEntry | undefined
  /**
   * Optional and only for speed: takes lines of the plainest form from their bytes and adds what
   * `read` would give for each, and hints, until a line that it leaves to `read`.
   * @param bytes whole lines, each ended by a line feed
   * @param from where a line begins
   * @returns where the first line begins that it left, or the end
   */
  readBytes?(bytes: Uint8Array, from: number, into: LogBatch): number
  /** Time of the newest line read, Unix seconds. */
  readonly lastAt: number | undefined
  /** What is still held back at the end of a file (a line that could have gone on). */
  end?(): LogEntry[]
  /** false until a line told the date: times before it are guessed from `now`. */
  readonly dated?: boolean
  /** What is needed to go on at this line after a restart (dates between lines); JSON. */
  state(): unknown
  restore(state: unknown): void
}
