import type { Server } from 'node:http'
import type { Socket } from 'node:net'

interface Connection {
  socket: Socket
  /** Requests being answered. */
  active: number
  served: number
  /** When the answer under way must be done, in the milliseconds of `now`. */
  deadline: number
}

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
    const connection = { socket, active: 0, served: 0, deadline: Number.POSITIVE_INFINITY }
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
    if (connection.active === 0) connection.deadline = Number.POSITIVE_INFINITY
  }

  /** Is a request of it being answered? */
  isActive(socket: Socket): boolean {
    return (this.#all.get(nameOf(socket))?.active ?? 0) > 0
  }

  /** Cuts answers that are not read in time. */
  sweep(now: number): void {
    for (const { socket, deadline } of this.#all.values()) if (now > deadline) socket.destroy()
  }
}

/** Undefined parts once it is closed: such a socket is no longer in the table. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
