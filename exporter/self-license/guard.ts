import type { EventDraft } from '../catalogue.ts'
import {
  expiringEvent,
  graceEnded,
  graceEntered,
  graceExited,
  refusalEvent,
  reloadedEvent,
  stepEvent,
} from './announce.ts'
import {
  advanceClock,
  type Clock,
  type ClockSample,
  type ClockStep,
  checkClock,
  judgingTime,
  raiseFloor,
  type SavedClock,
  saveClock,
  startClock,
} from './clock.ts'
import { second, timing } from './constants.ts'
import { type Standing, standing } from './states.ts'
import { urgency } from './thresholds.ts'
import type { Bad, RefusalCode, SignedLicense } from './types.ts'

/** What the file or variable held at a sample. `content` tells one bad content from the next. */
export type LicenseReading =
  | { ok: true; license: SignedLicense }
  | { ok: false; code: RefusalCode; content: string }

/** Everything the state follows from. Pure: samples and readings come in, events go out. */
export interface Guard extends Standing {
  clock: Clock
  /** The last good license; its signature was verified by this process. */
  current: SignedLicense | undefined
  bad: Bad | undefined
  announced: Announced
}

/** Said once, and not again after a restart. */
export interface Announced {
  refusal?: string | undefined
  expiring?: { fingerprint: string; level: number } | undefined
}

export interface SavedGuard {
  clock: SavedClock
  state: Standing['state']
  until: number | undefined
  bad: number | undefined
  announced: Announced
}

export interface Judged {
  guard: Guard
  events: EventDraft[]
  /** Another license than before is in force now. */
  taken: boolean
}

export interface GuardStart {
  builtAt: number
  saved?: SavedGuard | undefined
  /** The last good license of an earlier process, verified anew. */
  stored?: SignedLicense | undefined
}

export function startGuard(
  sample: ClockSample,
  reading: LicenseReading,
  { builtAt, saved, stored }: GuardStart,
): Judged {
  const { clock, steps, gap } = startClock(sample, builtAt, saved?.clock)
  const before: Guard = {
    clock: stored ? raiseFloor(clock, stored.claims.issuedAt * second) : clock,
    current: stored,
    bad:
      saved?.bad === undefined
        ? undefined
        : { ...firstBad, code: 'missing', content: '', lived: saved.bad + gap },
    announced: saved?.announced ?? {},
    state: saved?.state ?? 'unlicensed',
    problem: undefined,
    until: saved?.until,
  }
  const started = decide(before, { ...before }, steps, reading, !saved)
  return { ...started, events: started.events.filter(({ event }) => event !== 'license.reloaded') }
}

const firstBad = { same: 0, reads: 0, lived: 0, settled: true }

export function judge(before: Guard, sample: ClockSample, reading: LicenseReading): Judged {
  const { clock, steps } = advanceClock(before.clock, sample)
  const passed = clock.lived - before.clock.lived
  const bad = before.bad && { ...before.bad, lived: before.bad.lived + passed }
  return decide(before, { ...before, clock, bad }, steps, reading, false)
}

/** The hourly check: steps of the clock add up from here. */
export function checked(guard: Guard): Guard {
  return { ...guard, clock: checkClock(guard.clock) }
}

export function saveGuard(guard: Guard, clean: boolean): SavedGuard {
  return {
    clock: saveClock(guard.clock, clean),
    state: guard.state,
    until: guard.until,
    bad: guard.bad?.lived,
    announced: guard.announced,
  }
}

function decide(
  before: Guard,
  guard: Guard,
  steps: readonly ClockStep[],
  reading: LicenseReading,
  first: boolean,
): Judged {
  const events = steps.map(stepEvent)
  const starting = guard.clock.lived === 0
  const taken = take(before, guard, reading, starting)
  if (taken) events.push(reloadedEvent(taken))
  events.push(...refuse(before, guard, reading))
  Object.assign(guard, standing(guard, before))
  events.push(...transition(first ? undefined : before.state, guard), ...expiring(guard))
  return { guard, events, taken: taken !== undefined }
}

/** @returns the license, if a new one or one that was gone is in force now */
function take(
  before: Guard,
  guard: Guard,
  reading: LicenseReading,
  starting: boolean,
): SignedLicense | undefined {
  const { now } = judgingTime(guard.clock)
  if (!reading.ok || (reading.license.claims.notBefore ?? 0) * second > now) {
    // A license for later replaces nothing and breaks nothing.
    if (!reading.ok || !guard.current) guard.bad = worse(guard.bad, reading, starting)
    return undefined
  }
  const { license } = reading
  guard.current = license
  guard.clock = raiseFloor(guard.clock, license.claims.issuedAt * second)
  guard.bad = undefined
  guard.announced = { ...guard.announced, refusal: undefined }
  const same = before.current?.fingerprint === license.fingerprint && !before.bad?.settled
  return same ? undefined : license
}

function worse(bad: Bad | undefined, reading: LicenseReading, starting: boolean): Bad {
  const { code, content } = refusal(reading)
  const reads = (bad?.reads ?? 0) + 1
  const lived = bad?.lived ?? 0
  const long = lived >= timing.debounce && reads >= timing.debounceReads
  return {
    code,
    content,
    same: bad?.code === code && bad.content === content ? bad.same + 1 : 1,
    reads,
    lived,
    settled: starting || long || bad?.settled === true,
  }
}

function refusal(reading: LicenseReading): { code: RefusalCode; content: string } {
  if (!reading.ok) return reading
  return { code: 'not_yet_valid', content: reading.license.fingerprint }
}

/** One event for each bad content, once it counts; a later one after standing for three reads. */
function refuse(before: Guard, guard: Guard, reading: LicenseReading): EventDraft[] {
  const { bad, announced } = guard
  const early = reading.ok && guard.current?.fingerprint !== reading.license.fingerprint
  if (reading.ok && !early) return []
  const { code, content } = refusal(reading)
  const key = `${code}:${content}`
  if (announced.refusal === key) return []
  const begins = announced.refusal === undefined || !before.bad?.settled
  const news = begins || (bad?.same ?? 0) >= timing.debounceReads
  if (!early && !(bad?.settled && news)) return []
  guard.announced = { ...announced, refusal: key }
  return [refusalEvent(code)]
}

function transition(from: Guard['state'] | undefined, { state, problem }: Guard): EventDraft[] {
  if (state === from) return []
  if (state === 'grace') return [graceEntered(problem ?? 'invalid')]
  if (state === 'over') return [graceEnded]
  return state === 'valid' && (from === 'grace' || from === 'over') ? [graceExited] : []
}

/** Of thresholds passed at once only the most urgent is said. */
function expiring(guard: Guard): EventDraft[] {
  const { current, announced } = guard
  if (!current || guard.state !== 'valid') return []
  const left = current.claims.expiresAt * second - judgingTime(guard.clock).now
  const level = urgency(left)
  const said =
    announced.expiring?.fingerprint === current.fingerprint ? announced.expiring.level : 0
  if (level <= said) return []
  guard.announced = { ...announced, expiring: { fingerprint: current.fingerprint, level } }
  return expiringEvent(current, level, left)
}
