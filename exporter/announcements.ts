import type { EventDraft } from './catalogue.ts'
import type { LogPosition, TailEntry } from './collect/log-position.ts'
import { resumePositions } from './collect/log-position.ts'
import type { LogPoller } from './collect/poll.ts'
import { createAnnouncer } from './events/announcer.ts'
import { createDenials, type Denials } from './events/denials.ts'
import type { DurableEventLog } from './events/log.ts'
import type { Announcement, ServerFacts } from './events/step.ts'
import { manager } from './managers/index.ts'
import type { Logger, ReadingChange } from './parts.ts'
import type { Names } from './privacy.ts'
import type { ServerState } from './state.ts'

/** Turns readings, log lines and the own license into events: what was announced and what is open. */
export interface Announcements {
  reading(change: ReadingChange): void
  logEntries(server: ServerState, entries: readonly TailEntry[]): void
  own(draft: EventDraft): void
  /** At start with a good license: an earlier process may have announced a grace. */
  ownIsGood(): void
  /** Minutes of denials end although no line follows. */
  tick(): void
  /** Lines that are in no written event yet. */
  pending(server: string): readonly TailEntry[]
  /** Where reading of the vendor logs goes on after a restart, by server. */
  positions(): Record<string, LogPosition[]>
  /** The poller whose logs these are; it needs `pending` before it can be made. */
  follow(poller: LogPoller): void
}

/** @param names as the privacy policy of the configuration in force wants them */
export function createAnnouncements(
  events: DurableEventLog,
  names: () => Names,
  log: Logger,
  now: () => Date,
): Announcements {
  const announcer = createAnnouncer(events.restored.announced)
  const denials = new Map<string, Denials<TailEntry>>()
  let poller: LogPoller | undefined

  const tell = (server: string, { draft, id, subjects }: Announcement) =>
    events.emit(draft, { id, announced: { server, subjects } })

  function denialsOf({ name, manager }: { name: string; manager: string }): Denials<TailEntry> {
    const known = denials.get(name)
    if (known) return known
    const asked = {
      user: (one?: string) => names().user(one),
      host: (one?: string) => names().host(one),
    }
    const made = createDenials<TailEntry>({ name, manager }, asked, now)
    denials.set(name, made)
    return made
  }

  function tellDenials(server: string): void {
    const resume = (unwritten: readonly TailEntry[]) =>
      poller ? resumePositions(poller.checkpoint(server), unwritten) : []
    for (const { draft, carried } of denials.get(server)?.take(now(), resume) ?? []) {
      events.emit(draft, carried)
    }
  }

  return {
    reading({ server, after }) {
      try {
        for (const one of announcer.reading(facts(server), after, now())) tell(server.name, one)
      } catch (error) {
        log.error('a reading could not be announced', { server: server.name, why: String(error) })
      }
    },
    logEntries(server, entries) {
      const its = denialsOf(server)
      for (const entry of entries) its.add(entry)
      tellDenials(server.name)
    },
    own(draft) {
      const found = announcer.own(draft, now())
      if (found) tell('', found)
    },
    ownIsGood() {
      const found = announcer.ownIsGood(now())
      if (found) tell('', found)
    },
    tick() {
      for (const server of denials.keys()) tellDenials(server)
    },
    pending,
    positions() {
      const all: Record<string, LogPosition[]> = {}
      for (const { name, hasLogs } of poller?.state.servers.values() ?? []) {
        if (poller && hasLogs) all[name] = resumePositions(poller.checkpoint(name), pending(name))
      }
      return all
    },
    follow(made) {
      poller = made
      events.keep({ announced: announcer.announced, positions: this.positions })
    },
  }

  function pending(server: string): readonly TailEntry[] {
    return denials.get(server)?.open() ?? []
  }

  function facts({ name, manager: its, members }: ServerState): ServerFacts {
    return { name, manager: its, members, usedByPool: manager(its).usedByPool }
  }
}
