import type { Logger } from '../parts.ts'
import type { ClockSample } from './clock.ts'
import type { LicenseBytes } from './read-license.ts'
import type { Trust } from './trust.ts'
import type { Expected } from './verify.ts'

/** What the monitor is made of; nothing here comes from configuration. */
export interface MonitorParts {
  trust: Trust
  expected: Expected
  builtAt: number
  stateDir: string | undefined
  log: Pick<Logger, 'warn'>
}

/** The world outside; tests bring their own. Not part of the embeddable API. */
export interface World {
  clock(): ClockSample
  license(): Promise<LicenseBytes>
  /** Calls back until the returned function is called; keeps no process alive. */
  every(milliseconds: number, call: () => void): () => void
}
