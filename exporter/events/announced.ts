/** What was announced last, and what the records of the spool carry about it. Types only. */

/** The last announced state of one server, daemon, member, feature, pool tier or own license. */
export interface SubjectState {
  state: string | number
  /** Grows with each announcement: the id of an event is a hash of it, so a repeat has the same id. */
  sequence: number
}

export type Subjects = Readonly<Record<string, SubjectState>>

/** By server name; `ownLicense` stands for the license of the exporter's own vendor. */
export type Announced = Readonly<Record<string, Subjects>>

/** No server can have this name. */
export const ownLicense = ''

/** Where reading of one vendor log goes on. */
export interface LogPosition {
  /** What tells this file from another one of the same name. */
  fingerprint: string
  offset: number
  /** The log reader's own state (dates between lines); JSON. */
  reader?: unknown
}

/** What an event's record in the spool carries, so that a restart goes on where it stood. */
export interface Carried {
  /** Events from a log and transitions bring theirs; all others get a random one. */
  id?: string
  /** When it happened, if not now: events from a log have the log's time. */
  at?: Date
  announced?: { server: string; subjects: Subjects }
  origin?: LogOrigin
}

/** The log line an event was born from, and the earliest line that is not yet in a written event. */
export interface LogOrigin {
  server: string
  log: string
  fingerprint: string
  offset: number
  resume: LogPosition
}

export function positionKey(server: string, log: string): string {
  return `${server}\n${log}`
}

/** Later records win. */
export function withSubjects(all: Announced, server: string, subjects: Subjects): Announced {
  return { ...all, [server]: { ...all[server], ...subjects } }
}
