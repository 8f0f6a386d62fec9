import type { EventDraft, EventName } from '../catalogue.ts'
import type { SubjectState } from './announced.ts'
import { eventId } from './event-id.ts'
import type { Announcement } from './step.ts'

/**
 * The monitor of the own license says what it finds at each start; here a restart that finds what
 * was announced before stays silent. Pure.
 */

const urgency: Partial<Record<EventName, number>> = {
  'license.expiring_30d': 1,
  'license.expiring_7d': 2,
  'license.expiring_24h': 3,
  'license.expiring_1h': 4,
}

/** undefined = said before. */
export function ownLicenseChange(
  subjects: ReadonlyMap<string, SubjectState>,
  draft: EventDraft,
  now: Date,
): Announcement | undefined {
  const [subject, state] = subjectOf(draft)
  const known = subjects.get(subject)
  if (state !== undefined && isKnown(known?.state, state, draft)) return undefined
  const sequence = (known?.sequence ?? now.getTime()) + 1
  const changed: Record<string, SubjectState> = {
    [subject]: { state: state ?? sequence, sequence },
  }
  // A good license again: the next problem and the next grace are news.
  if (draft.event === 'license.grace_mode_exited' || draft.event === 'license.reloaded') {
    for (const cleared of ['problem', ...(draft.event === 'license.reloaded' ? [] : ['grace'])]) {
      const before = subjects.get(cleared)
      if (before && cleared !== subject) changed[cleared] = { ...before, state: 'none' }
    }
  }
  return { draft, id: eventId(draft.event, 'own license', subject, sequence), subjects: changed }
}

/** The monitor starts with a good license: what was announced before the restart is over. */
export function ownLicenseIsGood(
  subjects: ReadonlyMap<string, SubjectState>,
  now: Date,
): {
  announcement: Announcement | undefined
  subjects: Record<string, SubjectState>
} {
  const announcement = ownLicenseChange(
    subjects,
    { event: 'license.grace_mode_exited', msg: 'License is good again', attributes: {} },
    now,
  )
  const problem = subjects.get('problem')
  return {
    announcement,
    subjects: {
      ...(problem && { problem: { ...problem, state: 'none' } }),
      ...announcement?.subjects,
    },
  }
}

/** The subject an event is about and the state it announces; no state = always news. */
function subjectOf({ event, attributes }: EventDraft): [subject: string, state?: string | number] {
  const facts: Readonly<Record<string, unknown>> = attributes
  if (urgency[event]) return ['expiry', `${urgency[event]}:${facts.expires_at}`]
  switch (event) {
    case 'license.grace_mode_entered':
      return ['grace', `grace:${facts.reason}`]
    case 'license.grace_period_ended':
      return ['grace', 'over']
    case 'license.grace_mode_exited':
      return ['grace', 'none']
    case 'license.missing':
      return ['problem', 'missing']
    case 'license.verification_failed':
      return ['problem', `refused:${facts.reason}`]
    default:
      return [event]
  }
}

/** Of the expiry of one license only a more urgent threshold is news. */
function isKnown(known: unknown, state: string | number, { event }: EventDraft): boolean {
  if (known === state) return true
  if (event === 'license.grace_mode_exited') return known === undefined
  if (!urgency[event] || typeof known !== 'string') return false
  const [before = '', ...license] = known.split(':')
  const [now = '', ...same] = String(state).split(':')
  return license.join(':') === same.join(':') && Number(now) < Number(before)
}
