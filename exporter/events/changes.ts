import type { Reading } from '../state.ts'
import { featureChanges } from './feature-changes.ts'
import { poolChanges } from './pool-changes.ts'
import { serverChanges } from './server-changes.ts'
import { type Announcement, type ServerAnnounced, type ServerFacts, Step } from './step.ts'

export const nothingAnnounced: ServerAnnounced = { subjects: new Map(), pending: new Map() }

/** One reading against what was announced: new state and what is to be said. Pure. */
export function changes(
  before: ServerAnnounced,
  server: ServerFacts,
  reading: Reading,
  now: Date,
): { after: ServerAnnounced; announcements: Announcement[] } {
  const step = new Step(before, server, reading, now)
  serverChanges(step)
  featureChanges(step)
  poolChanges(step)
  return step.result()
}
