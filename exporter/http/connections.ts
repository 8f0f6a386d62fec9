import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

interface Connection {
  socket: Socket
  /** Requests being answered. */
  active: number
  served: number
  /** Since when no request is being answered. */
  idleSince: number
  /** When the answer under way must be done, in the milliseconds of `now`. */
  deadline: number
  /** Since when bytes wait for the client, and how many it had taken by then. */
  waiting?: { since: number; taken: number } | undefined
}

/** Node closes what is silent for 15 s, but blank lines before a request count as signs of life. */
const idleMs = 16_000
/** Bytes may wait so long for a client that takes less than this of them in a second. */
const patienceMs = 10_000
const leastBytesPerSecond = 16 * 1024

/**
 * At most so many connections. One too many closes the oldest that has not sent a complete request:
 * `server.maxConnections` would refuse the new one, and that may be the health check.
 */
export class Connections {
  readonly #all = new Map<string, Connection>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#all.size
  }

  watch(server: Server): void {
    server.on('connection', socket => this.#add(socket))
    // The same connection once more, now as its TLS socket.
    server.on('secureConnection', (socket: Socket) => {
      const known = this.#all.get(nameOf(socket))
      if (known) known.socket = socket
    })
  }

  #add(socket: Socket): void {
    const name = nameOf(socket)
    const connection = {
      socket,
      active: 0,
      served: 0,
      idleSince: performance.now(),
      deadline: Number.POSITIVE_INFINITY,
    }
    this.#all.set(name, connection)
    socket.once('close', () => {
      if (this.#all.get(name) === connection) this.#all.delete(name)
    })
    if (this.#all.size > this.#limit) this.#makeRoom()
  }

  #makeRoom(): void {
    const all = [...this.#all]
    const [name, victim] =
      all.find(([, { active, served }]) => active === 0 && served === 0) ??
      all.find(([, { active }]) => active === 0) ??
      all.at(-1)!
    this.#all.delete(name)
    victim.socket.destroy()
  }

  begin(socket: Socket, deadline: number): void {
    const connection = this.#all.get(nameOf(socket))
    if (!connection) return
    connection.active++
    connection.deadline = deadline
  }

  end(socket: Socket): void {
    const connection = this.#all.get(nameOf(socket))
    if (!connection) return
    connection.active = Math.max(0, connection.active - 1)
    connection.served++
    if (connection.active > 0) return
    connection.deadline = Number.POSITIVE_INFINITY
    connection.idleSince = performance.now()
  }

  /** Is a request of it being answered? */
  isActive(socket: Socket): boolean {
    return (this.#all.get(nameOf(socket))?.active ?? 0) > 0
  }

  /** Cuts answers that are not read in time or a few bytes at a time, and connections without any. */
  sweep(now: number): void {
    for (const connection of this.#all.values()) {
      const { active, idleSince, deadline, socket } = connection
      const idle = active === 0 && now - idleSince > idleMs
      if (idle || now > deadline || isTrickle(connection, now)) cut(socket)
    }
  }
}

/** With a reset: what the kernel holds for a client that does not read would stay for minutes. */
function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

/** The time that the exporter itself takes for an answer does not count against its reader. */
function isTrickle(connection: Connection, now: number): boolean {
  const { socket, active, deadline, waiting } = connection
  const endless = deadline === Number.POSITIVE_INFINITY
  if (active === 0 || endless || socket.writableLength === 0) {
    connection.waiting = undefined
    return false
  }
  if (!waiting) {
    connection.waiting = { since: now, taken: taken(socket) }
    return false
  }
  const ms = now - waiting.since
  return ms > patienceMs && taken(socket) - waiting.taken < (ms / 1000) * leastBytesPerSecond
}

function taken(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength
}

/** Undefined parts once it is closed: such a socket is no longer in the table. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
