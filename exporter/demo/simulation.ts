import { createHash } from 'node:crypto'
import { type DemoFeature, type DemoServer, people } from './site.ts'

/**
 * Life of the demo's license servers as a pure function of time: the same minute always shows the
 * same seats, in a status, in a log and in a history. Times are Unix seconds, the step a minute.
 */

export interface Session {
  user: string
  host: string
  display: string
  handle: number
  startedAt: number
  seats: number
  borrowed: boolean
}

export type SimulatedEvent = { at: number; feature: DemoFeature } & (
  | { kind: 'OUT' | 'IN'; session: Session }
  | { kind: 'DENIED'; user: string; host: string }
)

const minute = 60
const day = 86_400

/** A number in [0, 1) that is the same for the same words. */
function chance(...words: readonly (string | number)[]): number {
  const hash = createHash('sha1').update(words.join('|')).digest()
  return hash.readUInt32BE(0) / 2 ** 32
}

/** Seats in demand at this minute, not bounded by what there is. */
export function demand(feature: DemoFeature, at: number): number {
  let known = demands.get(feature)
  if (!known || known.size > 50_000) {
    known = new Map()
    demands.set(feature, known)
  }
  const cached = known.get(at)
  if (cached !== undefined) return cached
  const computed = computeDemand(feature, at)
  known.set(at, computed)
  return computed
}

/** Looking back for the start of a session asks for the same minutes again and again. */
const demands = new WeakMap<DemoFeature, Map<number, number>>()

function computeDemand(feature: DemoFeature, at: number): number {
  const phase = phaseOf(feature)
  const daily = Math.sin((2 * Math.PI * at) / day + phase)
  const slow = Math.sin((2 * Math.PI * at) / (3.7 * 3600) + phase * 3)
  const quick = Math.sin((2 * Math.PI * at) / (47 * minute) + phase * 7)
  const share = feature.load + feature.swing * (0.6 * daily + 0.25 * slow + 0.15 * quick)
  return feature.seats * Math.max(0, share)
}

const phases = new Map<string, number>()

function phaseOf(feature: DemoFeature): number {
  const known = phases.get(feature.name)
  if (known !== undefined) return known
  const phase = 2 * Math.PI * chance('phase', feature.vendor, feature.name)
  phases.set(feature.name, phase)
  return phase
}

function seatsOfLane(feature: DemoFeature): number {
  return feature.seatsPerCheckout ?? 1
}

/** Seats that nobody may take but the reservation's group: they are in use in FlexLM's words. */
function laneCount(feature: DemoFeature): number {
  return Math.floor((feature.seats - (feature.reserved?.seats ?? 0)) / seatsOfLane(feature))
}

function busy(feature: DemoFeature, lane: number, at: number): boolean {
  return demand(feature, at) > (lane + 0.5) * seatsOfLane(feature)
}

/** Everybody hands back now and then, each lane at its own pace; the first one hoards for days. */
function turnover(feature: DemoFeature, lane: number, at: number): number {
  const { period, offset } = paceOf(feature, lane)
  return Math.floor((at - offset) / period) * period + offset
}

interface Pace {
  period: number
  offset: number
}

/** By the name, as `chance` is; asked for each lane in each minute. */
const paces = new Map<string, Pace[]>()

function paceOf({ name }: DemoFeature, lane: number): Pace {
  let known = paces.get(name)
  if (!known) {
    known = []
    paces.set(name, known)
  }
  const found = known[lane]
  if (found) return found
  const period =
    lane === 0 ? 9 * day : (120 + Math.floor(300 * chance('pace', name, lane))) * minute
  const offset = Math.floor((chance('offset', name, lane) * period) / minute) * minute
  const pace = { period, offset }
  known[lane] = pace
  return pace
}

function sessionOf(feature: DemoFeature, lane: number, startedAt: number): Session {
  const pick = chance('user', feature.name, lane, startedAt)
  const user = people[Math.floor(pick * people.length)] ?? people[0]
  const number = 1 + Math.floor(chance('host', user) * 60)
  return {
    user,
    host: `ws-${String(number).padStart(3, '0')}`,
    display: `ws-${String(number).padStart(3, '0')}`,
    handle: 101 + Math.floor(chance('handle', feature.name, lane, startedAt) * 40_000),
    startedAt,
    seats: seatsOfLane(feature),
    borrowed: lane < (feature.borrowed ?? 0),
  }
}

/** Start of what the lane holds at this minute; it was idle or handed over right before. */
function startOf(feature: DemoFeature, lane: number, at: number): number {
  const handedOver = turnover(feature, lane, at)
  let known = starts.get(feature)
  if (!known) {
    known = new Map()
    starts.set(feature, known)
  }
  const last = known.get(lane)
  let start = at
  while (start - minute >= handedOver && busy(feature, lane, start - minute)) {
    start -= minute
    // Held without a break since it was asked last: that answer holds.
    if (start === last?.at) {
      start = last.start
      break
    }
  }
  known.set(lane, { at, start })
  return start
}

/** The last answer for each lane: time mostly goes on by a minute. */
const starts = new WeakMap<DemoFeature, Map<number, { at: number; start: number }>>()

/** Who holds a seat at this time, longest first. */
export function sessions(feature: DemoFeature, at: number): Session[] {
  const now = Math.floor(at / minute) * minute
  const held: Session[] = []
  for (let lane = 0; lane < laneCount(feature) && busy(feature, lane, now); lane++) {
    held.push(sessionOf(feature, lane, startOf(feature, lane, now)))
  }
  return held.sort((a, b) => a.startedAt - b.startedAt)
}

/** Requests that wait at this time. */
export function queued(feature: DemoFeature, at: number): number {
  if (!feature.queues) return 0
  const now = Math.floor(at / minute) * minute
  return Math.max(0, Math.ceil(demand(feature, now) - feature.seats))
}

/** What happened in (from, to], in order of time. */
export function* happenings(
  server: DemoServer,
  from: number,
  to: number,
): Generator<SimulatedEvent> {
  for (let at = Math.floor(from / minute) * minute + minute; at <= to; at += minute) {
    for (const feature of server.features) yield* atMinute(feature, at)
  }
}

function* atMinute(feature: DemoFeature, at: number): Generator<SimulatedEvent> {
  const lanes = laneCount(feature)
  const before = demand(feature, at - minute)
  const now = demand(feature, at)
  const seats = seatsOfLane(feature)
  for (let lane = 0; lane < lanes; lane++) {
    const was = before > (lane + 0.5) * seats
    const is = now > (lane + 0.5) * seats
    if (!was && !is) break
    const handedOver = was && is && turnover(feature, lane, at) === at
    if (was && (!is || handedOver)) {
      const session = sessionOf(feature, lane, startOf(feature, lane, at - minute))
      yield { at, feature, kind: 'IN', session }
    }
    if (is && (!was || handedOver)) {
      yield { at, feature, kind: 'OUT', session: sessionOf(feature, lane, at) }
    }
  }
  const short = now - lanes * seats
  if (
    short > 0 &&
    chance('denial', feature.name, at) < Math.min(0.5, (short / feature.seats) * 4)
  ) {
    const user = people[Math.floor(chance('denied', feature.name, at) * people.length)] ?? people[0]
    yield {
      at,
      feature,
      kind: 'DENIED',
      user,
      host: `ws-${100 + Math.floor(chance('ws', at) * 40)}`,
    }
  }
}
