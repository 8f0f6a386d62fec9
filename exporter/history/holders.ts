import type { Hint } from '../model.ts'

/** Above so many numbers, whoever holds nothing loses his. */
const mostNumbers = 8192

/** Seats that each holder of one feature has out, by the holder's number. */
export type Held = number[]

/** Numbers for user and host: to join and look up two names at every line cost as much as to read it. */
export interface Holders {
  numberOf(user: string, host: string, hint?: Hint): number
  /** Call before the next `numberOf` while `full`: gives new numbers and moves what is held. */
  renumber(all: Iterable<Held>): void
  readonly full: boolean
}

/** Most people work on one machine: the newest is looked at first. */
interface User {
  host: string
  number: number
  /** All machines, once there is a second one. */
  hosts: Map<string, number> | undefined
}

export function createHolders(): Holders {
  let users = new Map<string, User>()
  let names: { user: string; host: string }[] = []
  let limit = mostNumbers

  function numberOf(user: string, host: string, hint?: Hint): number {
    if (!hint) return find(user, host)
    const name = names[hint.place]
    if (name === undefined || name.user !== user || name.host !== host) {
      hint.place = find(user, host)
    }
    return hint.place
  }

  function find(user: string, host: string): number {
    let its = users.get(user)
    if (!its) {
      its = { host, number: add(user, host), hosts: undefined }
      users.set(user, its)
    }
    return its.host === host ? its.number : elsewhere(its, user, host)
  }

  function elsewhere(its: User, user: string, host: string): number {
    its.hosts ??= new Map([[its.host, its.number]])
    let number = its.hosts.get(host)
    if (number === undefined) {
      number = add(user, host)
      its.hosts.set(host, number)
    }
    its.host = host
    its.number = number
    return number
  }

  function add(user: string, host: string): number {
    return names.push({ user, host }) - 1
  }

  return {
    numberOf,
    get full() {
      return names.length >= limit
    },
    renumber(all) {
      const before = names
      const moved = new Map<number, number>()
      users = new Map()
      names = []
      for (const held of all) {
        const seats = held.splice(0)
        for (const [number, count] of seats.entries()) {
          if (count === 0) continue
          let to = moved.get(number)
          if (to === undefined) {
            const { user = '', host = '' } = before[number] ?? {}
            to = numberOf(user, host)
            moved.set(number, to)
          }
          hold(held, to, count)
        }
      }
      limit = Math.max(mostNumbers, names.length * 2)
    },
  }
}

/** Arrays without holes are fast. */
export function hold(held: Held, number: number, seats: number): void {
  while (held.length < number) held.push(0)
  held[number] = seats
}
