import type { EventLog } from '../parts.ts'

type Refusal = 'api.authentication_failed' | 'api.rate_limited'

const sentences: Record<Refusal, string> = {
  'api.authentication_failed': 'API requests were refused for their key',
  'api.rate_limited': 'API requests were refused by the rate limit',
}

interface Entry {
  event: Refusal
  client: string
  route: string
  id: string
  count: number
  since: number
}

const windowMs = 60_000
/** A port scan must not push license events out of the spool: beyond so many, one for all others. */
const maxEntries = 100

/** Refusals, summed: one event for each client address, route and minute, at that minute's end. */
export class Audit {
  readonly #events: EventLog
  readonly #entries = new Map<string, Entry>()

  constructor(events: EventLog) {
    this.#events = events
  }

  note(event: Refusal, client: string, route: string, id: string, now: number): void {
    const known = this.#entries.get(`${event} ${client} ${route}`)
    const full = !known && this.#entries.size >= maxEntries
    const [who, where] = full ? ['other', 'other'] : [client, route]
    const key = `${event} ${who} ${where}`
    const entry = this.#entries.get(key)
    if (entry) entry.count++
    else this.#entries.set(key, { event, client: who, route: where, id, count: 1, since: now })
  }

  /** Tells what is a minute old; with no time, everything. */
  flush(now = Number.POSITIVE_INFINITY): void {
    for (const [key, { event, client, route, id, count, since }] of this.#entries) {
      if (now - since < windowMs) continue
      this.#entries.delete(key)
      this.#events.emit({
        event,
        msg: sentences[event],
        attributes: { client_address: client, route, count, correlation_id: id },
      })
    }
  }
}
