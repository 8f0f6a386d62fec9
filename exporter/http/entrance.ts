import type { Config } from '../config/schema.ts'
import { type Listener, type ListenerDeps, listen } from './listener.ts'
import type { TlsMaterial } from './tls.ts'

type Api = Config['api']

/** Where the exporter is reached: one listener and its certificate, moved without being torn down. */
export interface Entrance {
  readonly listener: Listener | undefined
  readonly tls: TlsMaterial | undefined
  /**
   * Address, port, TLS and client CA of a changed configuration. Where the new ones cannot be had,
   * all stays as it was.
   * @throws ExporterError('config')
   */
  move(api: Api, material: TlsMaterial | undefined): Promise<void>
  /** Another certificate at the same place; connections that are open keep theirs. */
  renew(material: TlsMaterial): void
  close(): Promise<void>
}

/** At the end of the program, what is under way has so long. */
const graceMs = 3_000
/** After a move: as long as an answer may take. Streams come back with Last-Event-ID. */
const movedGraceMs = 30_000

/** @throws ExporterError('config') where the address cannot be had */
export async function openEntrance(
  first: Api,
  material: TlsMaterial | undefined,
  deps: Omit<ListenerDeps, 'tls'>,
): Promise<Entrance> {
  let api = first
  let tls = material
  let listener = await open(api, tls)
  const leaving = new Set<Listener>()

  function leave(old: Listener): void {
    leaving.add(old)
    void old.close(movedGraceMs).then(() => leaving.delete(old))
  }

  async function open(
    { enabled, bind_address: host, bind_port: port }: Api,
    tls: TlsMaterial | undefined,
  ): Promise<Listener | undefined> {
    return enabled ? listen(host, port, { ...deps, tls }) : undefined
  }

  function renew(next: TlsMaterial): void {
    if (next.fingerprint === tls?.fingerprint) return
    listener?.setTls(next)
    tls = next
  }

  /** The same port cannot be had twice: the old listener gives way, and comes back if it must. */
  async function swap(next: Api, nextTls: TlsMaterial | undefined): Promise<Listener | undefined> {
    if (!listener || next.bind_port !== listener.address.port) {
      const opened = await open(next, nextTls)
      if (listener) leave(listener)
      return opened
    }
    leave(listener)
    try {
      return await open(next, nextTls)
    } catch (error) {
      listener = await open({ ...api, bind_port: next.bind_port }, tls)
      throw error
    }
  }

  return {
    get listener() {
      return listener
    },
    get tls() {
      return tls
    },
    renew,
    async move(next, nextTls) {
      const moved =
        next.enabled !== api.enabled ||
        next.bind_address !== api.bind_address ||
        next.bind_port !== api.bind_port ||
        (nextTls === undefined) !== (tls === undefined) ||
        // A listener asks for client certificates from its beginning or never.
        nextTls?.asksClient !== tls?.asksClient
      if (moved) listener = await swap(next, nextTls)
      else if (nextTls) renew(nextTls)
      api = next
      tls = nextTls
    },
    async close() {
      await Promise.all([listener, ...leaving].map(one => one?.close(graceMs)))
    },
  }
}
