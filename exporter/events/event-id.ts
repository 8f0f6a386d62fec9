import { createHash } from 'node:crypto'

/** The same parts give the same id: a repeat after a restart can be told from a new event. */
export function eventId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
