import type { OwnLicense } from '../parts.ts'
import { type Clock, judgingTime } from './clock.ts'
import { second, timing } from './constants.ts'
import type { Bad, SignedLicense } from './types.ts'

export type Problem = 'expired' | 'missing' | 'invalid' | 'clock'

/** The state and why. */
export interface Standing {
  state: OwnLicense['state']
  problem: Problem | undefined
  /** When grace ends or ended, ms. */
  until: number | undefined
}

interface Facts {
  clock: Clock
  current: SignedLicense | undefined
  bad: Bad | undefined
}

/** What follows from the facts. Grace that ended, or never began, does not come back by itself. */
export function standing(facts: Facts, before: Facts & Standing): Standing {
  const { clock, current } = facts
  const bad = facts.bad?.settled ? facts.bad : undefined
  const { tamper } = clock
  if (!current || (before.state === 'unlicensed' && tamper)) {
    const problem = bad ? problemOf(bad) : 'clock'
    return { state: 'unlicensed', problem, until: undefined }
  }
  const { now, over } = judgingTime(clock)
  const expiry = current.claims.expiresAt * second
  const wall = clock.last.wall
  const ends: [Problem, number, boolean][] = [
    ['expired', expiry + timing.grace, over >= expiry + timing.grace],
  ]
  if (bad) ends.push([problemOf(bad), wall + timing.grace - bad.lived, bad.lived >= timing.grace])
  if (tamper) ends.push(['clock', wall + timing.grace - tamper.used, tamper.used >= timing.grace])
  const ended = ends.find(([, , passed]) => passed)
  const problem = tamper ? 'clock' : now >= expiry ? 'expired' : bad && problemOf(bad)
  const until = Math.min(...ends.map(([, end]) => end))
  const wasOver = before.state === 'over'
  if (ended) return { state: 'over', problem: ended[0], until: (wasOver && before.until) || until }
  const another = before.current?.fingerprint !== current.fingerprint
  if (wasOver && problem && (tamper || !another)) {
    return { state: 'over', problem, until: before.until ?? until }
  }
  if (problem) return { state: 'grace', problem, until }
  return { state: 'valid', problem: undefined, until: undefined }
}

function problemOf({ code }: Bad): Problem {
  return code === 'missing' ? 'missing' : 'invalid'
}
