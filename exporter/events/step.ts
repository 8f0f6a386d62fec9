import type { EventDraft } from '../catalogue.ts'
import type { Reading } from '../state.ts'
import type { SubjectState } from './announced.ts'
import { eventId } from './event-id.ts'

/** What the announcer knows of one server. Only the subjects outlive the process. */
export interface ServerAnnounced {
  readonly subjects: ReadonlyMap<string, SubjectState>
  /** Features on their way to a transition: readings in a row that were full, or free since. */
  readonly pending: ReadonlyMap<string, Pending>
}

export interface Pending {
  full: number
  /** Unix seconds of the first reading below. */
  freeSince?: number | undefined
}

/** Of the server, what a reading does not tell. */
export interface ServerFacts {
  name: string
  manager: string
  /** Machines of `address`. */
  members: readonly string[]
  /** Lines of one capacity tell their own use: exhaustion is read there. */
  usedByPool: boolean
}

/** A draft with the id that a repeat would have again, and the announced state after it. */
export interface Announcement {
  draft: EventDraft
  id: string
  subjects: Record<string, SubjectState>
}

/** One reading under way: what it says, and what it changes silently. */
export class Step {
  readonly server: ServerFacts
  readonly reading: Reading
  readonly now: Date
  /** Attributes that every event of this server has. */
  readonly labels: { server: string; manager: string }
  readonly pending: Map<string, Pending> = new Map()
  readonly #before: ServerAnnounced
  readonly #changed: Map<string, SubjectState> = new Map()
  readonly #seen: Set<string> = new Set()
  readonly #announcements: Announcement[] = []

  constructor(before: ServerAnnounced, server: ServerFacts, reading: Reading, now: Date) {
    this.#before = before
    this.server = server
    this.reading = reading
    this.now = now
    this.labels = { server: server.name, manager: server.manager }
  }

  known(subject: string): string | number | undefined {
    this.#seen.add(subject)
    return (this.#changed.get(subject) ?? this.#before.subjects.get(subject))?.state
  }

  wasPending(subject: string): Pending | undefined {
    return this.#before.pending.get(subject)
  }

  /** A baseline, or a state that is nobody's news. */
  set(subject: string, state: string | number): void {
    if (this.known(subject) !== state) this.#change(subject, state, 0)
  }

  /** A transition: said once. */
  say(subject: string, state: string | number, draft: EventDraft): void {
    const changed = this.#change(subject, state, 1)
    const id = eventId(draft.event, this.server.name, subject, changed.sequence)
    this.#announcements.push({ draft, id, subjects: { [subject]: changed } })
  }

  /** The last announcement carries these silent changes too: a restart must not announce them. */
  carry(subjects: Iterable<string>): void {
    const last = this.#announcements.at(-1)
    for (const subject of subjects) {
      const changed = this.#changed.get(subject)
      if (last && changed) last.subjects[subject] = changed
    }
  }

  result(): { after: ServerAnnounced; announcements: Announcement[] } {
    const { subjects } = this.#before
    return {
      after: {
        subjects: this.#changed.size === 0 ? subjects : this.#merged(subjects),
        pending: this.pending,
      },
      announcements: this.#announcements,
    }
  }

  #change(subject: string, state: string | number, step: number): SubjectState {
    const known = this.#changed.get(subject) ?? this.#before.subjects.get(subject)
    // It begins with the time: a first start after a lost state must not give old ids to new events.
    const changed = { state, sequence: (known?.sequence ?? this.now.getTime()) + step }
    this.#changed.set(subject, changed)
    return changed
  }

  /** Renewed licenses bring new pools for ever: what no reading names any more goes at some time. */
  #merged(subjects: ReadonlyMap<string, SubjectState>): Map<string, SubjectState> {
    const merged = new Map([...subjects, ...this.#changed])
    if (merged.size <= 1000 + 4 * this.#seen.size) return merged
    for (const subject of merged.keys()) if (!this.#seen.has(subject)) merged.delete(subject)
    return merged
  }
}
