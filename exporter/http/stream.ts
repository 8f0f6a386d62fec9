import type { ServerResponse } from 'node:http'
import type { LicenseEvent } from '../catalogue.ts'
import type { EventLog } from '../parts.ts'
import type { Identity } from './auth.ts'
import type { ApiKey } from './keys.ts'
import { type EventFilter, isWanted } from './views/events.ts'
import { eventView } from './views/names.ts'

export const maxStreams = 128
/** What a client may leave unread beyond the buffers of the kernel. */
const maxUnread = 256 * 1024

interface Client {
  response: ServerResponse
  identity: Identity
  filter: EventFilter
}

/** Server-sent events. A client that does not read is cut: the others never wait for it. */
export class StreamHub {
  readonly #clients = new Set<Client>()
  readonly #events: EventLog
  readonly #unsubscribe: () => void

  constructor(events: EventLog) {
    this.#events = events
    this.#unsubscribe = events.subscribe(event => this.#tell(event))
  }

  get size(): number {
    return this.#clients.size
  }

  get full(): boolean {
    return this.#clients.size >= maxStreams
  }

  /** Headers are sent; what happened since `lastId` comes first, all of memory if it is forgotten. */
  open(client: Client, lastId: string | undefined): void {
    const { response, filter, identity } = client
    response.write('retry: 5000\n: connected\n\n')
    if (lastId !== undefined) {
      const recent = this.#events.recent()
      const seen = recent.findLastIndex(({ id }) => id === lastId)
      const missed = recent.slice(seen + 1).filter(event => isWanted(event, filter))
      response.write(missed.map(event => frame(event, identity)).join(''))
    }
    this.#clients.add(client)
    response.once('close', () => this.#clients.delete(client))
  }

  #tell(event: LicenseEvent): void {
    const frames = new Map<boolean, string>()
    for (const client of this.#clients) {
      if (!isWanted(event, client.filter)) continue
      const names = client.identity.scopes.has('users')
      const text = frames.get(names) ?? frame(event, client.identity)
      frames.set(names, text)
      this.#send(client, text)
    }
  }

  #send(client: Client, text: string): void {
    client.response.write(text)
    if (
      client.response.writableLength + (client.response.socket?.writableLength ?? 0) >
      maxUnread
    ) {
      this.#clients.delete(client)
      client.response.destroy()
    }
  }

  /** Every 10 s: silent sockets are closed after 15. */
  heartbeat(): void {
    for (const client of this.#clients) this.#send(client, ':\n\n')
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
