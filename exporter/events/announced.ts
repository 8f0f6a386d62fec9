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

/** What an event's record in the spool carries, so that a restart goes on where it stood. */
export interface Carried {
  /** Events from a log and transitions bring theirs; all others get a random one. */
  id?: string
  /** When it happened, if not now: events from a log have the log's time. */
  at?: Date
  announced?: { server: string; subjects: Subjects }
  origin?: LogOrigin
}

/** The log line an event was born from. */
export interface LogOrigin {
  server: string
  path: string
  fingerprint: string
  offset: number
  /** Where reading of the server's logs goes on so that no line without a written event is missed. */
  resume: unknown
}

/** By server: where reading of its logs goes on, in the tail's own words; JSON. */
export type LogPositions = Readonly<Record<string, unknown>>

/** Later records win. */
export function withSubjects(all: Announced, server: string, subjects: Subjects): Announced {
  return { ...all, [server]: { ...all[server], ...subjects } }
}
