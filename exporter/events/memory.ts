import type { LicenseEvent } from '../catalogue.ts'

/** The newest events for the API and the stream, and the ids that were seen lately. */
export interface EventMemory {
  add(event: LicenseEvent): void
  recent(): readonly LicenseEvent[]
  find(id: string): LicenseEvent | undefined
  resize(keep: number): void
}

const idsKept = 20_000

export function createEventMemory(keep: number): EventMemory {
  let events: LicenseEvent[] = []
  let most = keep
  const byId = new Map<string, LicenseEvent>()
  const trim = () => {
    // Twice the size before it is cut: no copy for each event.
    if (events.length > most * 2 + 16) events = events.slice(events.length - most)
  }
  return {
    add(event) {
      events.push(event)
      trim()
      byId.set(event.id, event)
      if (byId.size <= idsKept) return
      const [oldest] = byId.keys()
      if (oldest !== undefined) byId.delete(oldest)
    },
    recent: () => (most === 0 ? [] : events.slice(-most)),
    find: id => byId.get(id),
    resize(size) {
      most = size
      trim()
    },
  }
}
