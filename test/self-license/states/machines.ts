import type { EventName } from '../../../exporter/catalogue.ts'
import * as module from '../../../exporter/self-license/guard.ts'
import { day, good, hour, invalid, license, Machine, minute, missing, second } from '../world.ts'

/** Machines in each state of the table, and what a row of it says. */

export const now = Date.UTC(2027, 0, 4, 12)
export const issued = now - 100 * day

export const expiring = (left: number, id = 'a') =>
  good(license(id, { issued, expires: now + left }))
export const V = (left = 90 * day) => new Machine(module, now, expiring(left)).start()
/** Past the hour in which a bad clock before NTP is forgiven. */
export const settledV = (left = 90 * day) => {
  const machine = V(left)
  machine.pass(2 * hour)
  return machine
}
export const G = {
  expired: () => {
    const machine = settledV(2 * hour + 10 * second)
    machine.pass(minute)
    return machine
  },
  missing: () => {
    const machine = settledV()
    machine.reading = missing
    machine.pass(minute)
    return machine
  },
  invalid: () => {
    const machine = settledV()
    machine.reading = invalid
    machine.pass(minute)
    return machine
  },
  clock: () => {
    const machine = settledV()
    machine.step(-hour)
    return machine
  },
}
export const X = () => {
  const machine = G.missing()
  machine.pass(25 * hour, minute)
  return machine
}
export const N = () => new Machine(module, now, missing).start()
/** The machine is off the record: only what happens from here on is looked at. */
export const from = (machine: Machine) => {
  machine.log.length = 0
  return machine
}

export interface Row {
  state: string
  event: string
  next: 'V' | 'G expired' | 'G missing' | 'G invalid' | 'G clock' | 'X' | 'N'
  emitted: EventName[]
  run(): Machine
}

export const entered = 'license.grace_mode_entered'
export const exited = 'license.grace_mode_exited'
export const ended = 'license.grace_period_ended'
export const refused = 'license.verification_failed'
export const manipulated = 'license.time_manipulation_detected'
