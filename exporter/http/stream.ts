import type { ServerResponse } from 'node:http'
import type { LicenseEvent } from '../catalogue.ts'
import type { EventLog } from '../parts.ts'
import type { Identity } from './auth.ts'
import type { ApiKey } from './keys.ts'
import { type EventFilter, isWanted } from './views/events.ts'
import { eventView } from './views/names.ts'

export const maxStreams = 128
/** Events that wait for one client; they are references, all clients share the events. */
const maxWaiting = 10_000
/** How long a client may read nothing at all while events wait for it. */
const patienceMs = 9_000

interface Client {
  response: ServerResponse
  identity: Identity
  filter: EventFilter
  waiting: LicenseEvent[]
  /** Since when the socket takes no more. */
  blockedSince?: number | undefined
}

/** Server-sent events. A client that does not read is cut: the others never wait for it. */
export class StreamHub {
  readonly #clients = new Set<Client>()
  readonly #events: EventLog
  readonly #unsubscribe: () => void

  constructor(events: EventLog) {
    this.#events = events
    this.#unsubscribe = events.subscribe(event => {
      for (const client of this.#clients) this.#tell(client, [event])
    })
  }

  get size(): number {
    return this.#clients.size
  }

  get full(): boolean {
    return this.#clients.size >= maxStreams
  }

  /** Headers are sent; what happened since `lastId` comes first, all of memory if it is forgotten. */
  open(opened: Omit<Client, 'waiting'>, lastId: string | undefined): void {
    const client: Client = { ...opened, waiting: [] }
    const { response } = client
    this.#clients.add(client)
    response.once('close', () => this.#clients.delete(client))
    response.on('drain', () => {
      client.blockedSince = undefined
      this.#pump(client)
    })
    response.write('retry: 5000\n: connected\n\n')
    if (lastId === undefined) return
    const recent = this.#events.recent()
    const seen = recent.findLastIndex(({ id }) => id === lastId)
    this.#tell(client, recent.slice(seen + 1).slice(-maxWaiting))
  }

  #tell(client: Client, events: readonly LicenseEvent[]): void {
    for (const event of events) if (isWanted(event, client.filter)) client.waiting.push(event)
    if (client.waiting.length > maxWaiting) this.#cut(client)
    else this.#pump(client)
  }

  #pump(client: Client): void {
    const { response, identity, waiting } = client
    let sent = 0
    while (client.blockedSince === undefined && sent < waiting.length) {
      if (!response.write(frame(waiting[sent++]!, identity))) {
        client.blockedSince = performance.now()
      }
    }
    waiting.splice(0, sent)
  }

  #cut(client: Client): void {
    this.#clients.delete(client)
    client.response.destroy()
  }

  /** Every 10 s: silent sockets are closed after 15. */
  heartbeat(now: number): void {
    for (const client of this.#clients) {
      const { blockedSince, response } = client
      if (blockedSince === undefined) response.write(':\n\n')
      else if (now - blockedSince > patienceMs) this.#cut(client)
    }
  }

  /** After a change of keys: whoever was let in by a key that is gone leaves. */
  recheck(keys: readonly ApiKey[], admits: boolean): void {
    for (const client of this.#clients) {
      const { key } = client.identity
      const now = key && keys.find(one => one.name === key.name && one.digest.equals(key.digest))
      if (key ? now?.scopes.has('read') : admits) {
        if (now) client.identity = { name: now.name, key: now, scopes: now.scopes }
      } else client.response.end()
    }
  }

  close(): void {
    this.#unsubscribe()
    for (const { response } of this.#clients) response.end()
  }
}

function frame(event: LicenseEvent, identity: Identity): string {
  return `id: ${event.id.replace(/[\r\n\0]/g, '')}\ndata: ${JSON.stringify(eventView(event, identity))}\n\n`
}
