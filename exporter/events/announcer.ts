import type { EventDraft } from '../catalogue.ts'
import type { Reading } from '../state.ts'
import { type Announced, ownLicense, type SubjectState } from './announced.ts'
import { changes, nothingAnnounced } from './changes.ts'
import { ownLicenseChange, ownLicenseIsGood } from './own-license.ts'
import type { Announcement, ServerAnnounced, ServerFacts } from './step.ts'

/** What was announced, of all servers; the reducer is changes(). */
export interface Announcer {
  /** Events of one reading, in order. */
  reading(server: ServerFacts, reading: Reading, now: Date): Announcement[]
  /** The draft of the own license's monitor, unless it was announced before a restart. */
  own(draft: EventDraft, now: Date): Announcement | undefined
  /** At start with a good license: the end of a grace that an earlier process announced. */
  ownIsGood(now: Date): Announcement | undefined
  /** For the state file. */
  announced(): Announced
  /** A server that left the configuration. */
  forget(server: string): void
}

/** @param saved what an earlier process announced; empty = every subject is new */
export function createAnnouncer(saved: Announced = {}): Announcer {
  const servers = new Map<string, ServerAnnounced>(
    Object.entries(saved).map(([name, subjects]) => [
      name,
      { subjects: new Map(Object.entries(subjects)), pending: new Map() },
    ]),
  )
  const known = (name: string) => servers.get(name) ?? nothingAnnounced
  const setOwn = (changed: Record<string, SubjectState> = {}) => {
    const { subjects, pending } = known(ownLicense)
    const after = new Map([...subjects, ...Object.entries(changed)])
    servers.set(ownLicense, { subjects: after, pending })
  }
  return {
    reading(server, reading, now) {
      const { after, announcements } = changes(known(server.name), server, reading, now)
      servers.set(server.name, after)
      return announcements
    },
    own(draft, now) {
      const found = ownLicenseChange(known(ownLicense).subjects, draft, now)
      setOwn(found?.subjects)
      return found
    },
    ownIsGood(now) {
      const found = ownLicenseIsGood(known(ownLicense).subjects, now)
      setOwn(found.subjects)
      return found.announcement
    },
    announced: () =>
      Object.fromEntries(
        [...servers].map(([name, { subjects }]) => [name, Object.fromEntries(subjects)]),
      ),
    forget: name => void servers.delete(name),
  }
}
