import { timing } from './constants.ts'

/** One look at the clocks, ms. Pure: reading them is read-clock.ts. */
export interface ClockSample {
  /** Unix time as the system says. */
  wall: number
  /** Since boot, suspend included (CLOCK_BOOTTIME). */
  boot: number
  /** Any monotonic clock; CLOCK_MONOTONIC stops in suspend. */
  mono: number
  /** Changes with each boot; undefined where the system does not tell. */
  bootId: string | undefined
}

export interface ClockStep {
  direction: 'backward' | 'forward'
  seconds: number
}

/**
 * What is known about time. Offsets are Unix times minus `lived`: they stand still while the wall
 * clock and the boot-time clock agree.
 */
export interface Clock {
  last: ClockSample
  /** Time that certainly passed since the start of this process. */
  lived: number
  /** How much the monotonic clock got ahead of the boot-time clock: a slowed /proc/uptime. */
  lag: number
  /** Lived since the first start without state, across restarts. */
  age: number
  /** The wall clock now, as an offset. */
  offset: number
  /** Lived-time line: the wall clock was here once, so real time is not below. */
  line: number
  /** The same from signatures: `iat` of accepted licenses and the build date. */
  floor: number
  /** Where the wall clock should be; below it, less the tolerance, is a step back. */
  reference: number
  /** Where forward steps of this check interval are counted from. */
  checked: number
  /** Offset and lived time at the last check. */
  checkOffset: number
  checkedAt: number
  /**
   * The wall clock is ahead of the line, which follows only after 24 h. `from`: where it stood
   * before this process saw it step; undefined where it was ahead from the start.
   */
  ahead: { since: number; from: number | undefined } | undefined
  /** The wall clock was set back. */
  tamper: Tamper | undefined
}

interface Tamper {
  /** Lived in it, across restarts. */
  used: number
  /** Since when the wall clock stands on the line without a step; undefined while below it. */
  settledSince: number | undefined
  /** A bad clock at the first start ever: once it holds still, the line starts anew. */
  forgivable: boolean
}

/** What a restart needs. State can only take away: nothing here makes a license last longer. */
export interface SavedClock {
  bootId: string | undefined
  boot: number
  age: number
  /** Unix times, ms. */
  line: number
  floor: number
  reference: number
  /** Lived ahead of the line. */
  ahead: number | undefined
  tamper: { used: number; forgivable: boolean } | undefined
  /** The process ended in peace: nothing was lived after this was saved. */
  clean: boolean
}

const { tolerance, crystal } = timing
/** os.uptime() may count whole seconds. */
const jitter = 2000

export function startClock(
  sample: ClockSample,
  builtAt: number,
  saved: SavedClock | undefined,
): { clock: Clock; steps: ClockStep[]; gap: number } {
  const offset = sample.wall
  const fresh: Clock = {
    last: sample,
    lived: 0,
    lag: 0,
    age: 0,
    offset,
    line: offset,
    floor: builtAt,
    reference: offset,
    checked: offset,
    checkOffset: offset,
    checkedAt: 0,
    ahead: undefined,
    tamper: undefined,
  }
  if (!saved) return { clock: fresh, steps: [], gap: 0 }
  const sameBoot =
    saved.bootId !== undefined && saved.bootId === sample.bootId && sample.boot >= saved.boot
  // Lived since it was saved: told by the boot-time clock, or at most until the next saving.
  const passed = sameBoot ? sample.boot - saved.boot : 0
  const gap = sameBoot || saved.clean ? passed : timing.save
  const slack = crystal * passed
  const line = saved.line + passed - slack
  const reference = saved.reference + passed - slack
  const below = offset < line - tolerance
  const steppedBack = below && (saved.tamper === undefined || offset < reference - tolerance)
  const early = saved.age + gap < timing.provisional
  const tamper = saved.tamper
    ? {
        used: saved.tamper.used + gap,
        forgivable: saved.tamper.forgivable && (early || !steppedBack),
      }
    : steppedBack
      ? { used: 0, forgivable: early }
      : undefined
  const clock: Clock = {
    ...fresh,
    age: saved.age + gap,
    line,
    // What may have been lived unsaved is charged to the time that judges alone: a line above an
    // honest wall clock would be a false alarm at the next start.
    floor: Math.max(builtAt, saved.floor + gap - slack, line + gap - passed),
    tamper: tamper && { ...tamper, settledSince: below ? undefined : 0 },
  }
  if (offset > clock.line + tolerance + slack) {
    clock.ahead = { since: -((saved.ahead ?? -gap) + gap), from: undefined }
  } else clock.line = Math.max(clock.line, offset)
  const back = (offset - (saved.tamper ? reference : line)) / 1000
  return { clock, steps: steppedBack ? [{ direction: 'backward', seconds: back }] : [], gap }
}

export function advanceClock(
  before: Clock,
  sample: ClockSample,
): { clock: Clock; steps: ClockStep[] } {
  const { last } = before
  const booted = Math.max(0, sample.boot - last.boot)
  const lag = Math.max(0, before.lag + Math.max(0, sample.mono - last.mono) - booted)
  // Readings of both clocks jitter; a lag that grows is a boot-time clock that was slowed.
  const slowed = lag > jitter
  const passed = booted + (slowed ? lag : 0)
  const slack = crystal * passed
  const lived = before.lived + passed
  const offset = sample.wall - lived
  const clock: Clock = {
    ...before,
    last: sample,
    lived,
    lag: slowed ? 0 : lag,
    age: before.age + passed,
    offset,
    line: before.line - slack,
    floor: before.floor - slack,
    tamper: before.tamper && { ...before.tamper, used: before.tamper.used + passed },
  }
  const steps: ClockStep[] = []
  const expected = before.reference - slack
  clock.reference = Math.max(expected, offset)
  if (offset < expected - tolerance) {
    const step = offset - before.offset
    const jump = step < -tolerance ? step : offset - expected
    steps.push({ direction: 'backward', seconds: jump / 1000 })
    steppedBack(clock)
  }
  const forward = offset - before.checked
  if (forward > tolerance) {
    steps.push({ direction: 'forward', seconds: forward / 1000 })
    if (clock.tamper) clock.tamper.settledSince = undefined
  }
  if (forward > tolerance || forward < 0) clock.checked = offset
  follow(clock, before, offset - before.offset > tolerance + slack)
  settle(clock)
  return { clock, steps }
}

function steppedBack(clock: Clock): void {
  clock.reference = clock.offset
  const early = clock.age < timing.provisional
  clock.tamper = {
    used: clock.tamper?.used ?? 0,
    settledSince: undefined,
    forgivable: early && (clock.tamper?.forgivable ?? true),
  }
}

/** The line follows the wall clock up; a step ahead only after 24 h. */
function follow(clock: Clock, before: Clock, stepped: boolean): void {
  const far = clock.offset > clock.line + tolerance
  if (far && stepped) {
    clock.ahead = { since: clock.lived, from: before.ahead?.from ?? before.offset }
  }
  if (!far) clock.ahead = undefined
  if (clock.ahead && clock.lived - clock.ahead.since < timing.adopt) return
  clock.ahead = undefined
  clock.line = Math.max(clock.line, clock.offset)
}

/** Set back, and on the line again for an hour: forgotten. */
function settle(clock: Clock): void {
  const { tamper } = clock
  if (!tamper) return
  const onLine = tamper.forgivable || clock.offset >= clock.line - tolerance
  tamper.settledSince = onLine ? (tamper.settledSince ?? clock.lived) : undefined
  if (tamper.settledSince === undefined) return
  if (clock.lived - tamper.settledSince < timing.settle) return
  if (tamper.forgivable) clock.line = clock.offset
  clock.reference = Math.max(clock.line, clock.offset)
  clock.tamper = undefined
}

/** A check: the hour in which forward steps add up begins anew. */
export function checkClock(clock: Clock): Clock {
  return {
    ...clock,
    checked: clock.offset,
    checkOffset: clock.offset,
    checkedAt: clock.lived,
  }
}

/** A license that was accepted says that real time is at least its `iat`. */
export function raiseFloor(clock: Clock, issuedAt: number): Clock {
  return { ...clock, floor: Math.max(clock.floor, issuedAt - clock.lived) }
}

/** The time that judges. `over`: what the end of grace is judged by. */
export function judgingTime(clock: Clock): { now: number; over: number } {
  const certain = Math.max(clock.line, clock.floor) + clock.lived
  const now = Math.max(clock.last.wall, certain)
  const from = clock.ahead?.from
  if (from === undefined) return { now, over: now }
  // A step ahead that this process saw may be a mistake: it never ends grace by itself.
  return { now, over: Math.min(now, Math.max(certain, from + clock.lived)) }
}

/** Wall clock minus boot-time clock since the last check, s. */
export function drift(clock: Clock): number {
  return (clock.offset - clock.checkOffset) / 1000
}

export function saveClock(clock: Clock, clean: boolean): SavedClock {
  return {
    bootId: clock.last.bootId,
    boot: clock.last.boot,
    age: clock.age,
    line: clock.line + clock.lived,
    floor: clock.floor + clock.lived,
    reference: clock.reference + clock.lived,
    ahead: clock.ahead && clock.lived - clock.ahead.since,
    tamper: clock.tamper && { used: clock.tamper.used, forgivable: clock.tamper.forgivable },
    clean,
  }
}
