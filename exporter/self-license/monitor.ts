import { Buffer } from 'node:buffer'
import type { EventDraft } from '../catalogue.ts'
import type { OwnLicense } from '../parts.ts'
import type { LicenseMonitor } from './api.ts'
import { drift } from './clock.ts'
import { timing } from './constants.ts'
import { checked, type Guard, judge, type LicenseReading, saveGuard, startGuard } from './guard.ts'
import { health, mayServe } from './health.ts'
import { fetchGuard, httpGuard } from './http-guard.ts'
import { createListeners } from './listeners.ts'
import type { MonitorParts, World } from './monitor-parts.ts'
import type { LicenseBytes } from './read-license.ts'
import { samples } from './samples.ts'
import { createSaver, restore } from './saving.ts'
import type { SavedState } from './state-file.ts'
import { extractToken, fingerprint } from './token.ts'
import { refusalCodes } from './types.ts'
import { verify } from './verify.ts'
import { view } from './view.ts'

/** The guard alone knows what is not valid yet. */
const checkResults = ['ok', ...refusalCodes.filter(code => code !== 'not_yet_valid')]

interface Seen {
  /** What was read, to be compared byte by byte. */
  bytes: Uint8Array | undefined
  code: string
  reading: LicenseReading
}

export async function startMonitor(parts: MonitorParts, world: World): Promise<TickingMonitor> {
  const { trust, expected, builtAt, stateDir, log } = parts
  const listeners = createListeners<EventDraft>()
  const counts = {
    checks: new Map<string, number>(checkResults.map(result => [result, 0])),
    reloads: { taken: 0, refused: 0 },
    jumps: { backward: 0, forward: 0 },
    lastCheck: 0,
  }
  let token: string | undefined
  let seen: Seen | undefined
  let savedAt = 0

  const saver = createSaver(stateDir, log)
  const restored = await restore(parts)
  const first = await look(true)
  const started = startGuard(world.clock(), first, {
    builtAt,
    saved: restored?.state.guard,
    stored: restored?.stored,
  })
  token = restored?.stored && restored.state.token
  let guard: Guard = started.guard
  let license: OwnLicense = view(guard, trust.size === 0)
  let busy: Promise<void> | undefined
  tell(started.events)
  keepToken()
  await saver.save(state(false))
  const stop = world.every(timing.sample, () => {
    tick().catch(error => log.warn('The own license was not checked', { problem: String(error) }))
  })

  /** One sample: clock, file, state. Samples never overlap. */
  function tick(): Promise<void> {
    busy ??= sample().finally(() => {
      busy = undefined
    })
    return busy
  }

  async function sample(): Promise<void> {
    const due = guard.clock.lived - guard.clock.checkedAt >= timing.check
    const reading = await look(due)
    const before = guard
    const judged = judge(guard, world.clock(), reading)
    guard = due ? checked(judged.guard) : judged.guard
    license = view(guard, trust.size === 0)
    if (judged.taken) counts.reloads.taken++
    keepToken()
    tell(judged.events)
    const changed =
      guard.state !== before.state ||
      guard.announced !== before.announced ||
      judged.taken ||
      (guard.clock.tamper === undefined) !== (before.clock.tamper === undefined)
    // Not waited for: a disk that hangs must not stop the clock.
    if (changed || guard.clock.lived - savedAt >= timing.save) void saver.save(state(false))
  }

  /** Reads, and verifies what changed; at a check always. */
  async function look(check: boolean): Promise<LicenseReading> {
    const read = await world.license()
    const same = seen && (read.ok ? equal(seen.bytes, read.bytes) : seen.code === read.code)
    if (seen && same && !check) return seen.reading
    const reading = await understand(read)
    const result = reading.ok ? 'ok' : reading.code
    counts.checks.set(result, (counts.checks.get(result) ?? 0) + 1)
    counts.lastCheck = world.clock().wall
    if (seen && !same && read.ok && !reading.ok) counts.reloads.refused++
    seen = {
      bytes: read.ok ? read.bytes : undefined,
      code: read.ok ? '' : read.code,
      reading,
    }
    return reading
  }

  async function understand(read: LicenseBytes): Promise<LicenseReading> {
    if (!read.ok) return { ok: false, code: read.code, content: '' }
    const result = await verify(read.bytes, trust, expected)
    if (result.ok) return { ok: true, license: result }
    return { ok: false, code: result.code, content: fingerprint(read.bytes) }
  }

  /** The token of the license in force: only with its signature the state gives grace. */
  function keepToken(): void {
    if (!seen?.bytes || !seen.reading.ok) return
    if (seen.reading.license.fingerprint !== guard.current?.fingerprint) return
    const extracted = extractToken(seen.bytes)
    if (extracted.ok) token = extracted.token
  }

  /** What a restart needs; what nobody has heard yet counts as not announced. */
  function state(clean: boolean): SavedState {
    savedAt = guard.clock.lived
    const saved = saveGuard(guard, clean)
    const { announced = {}, state = 'unlicensed' } = restored?.state.guard ?? {}
    return { guard: listeners.waiting ? { ...saved, announced, state } : saved, token }
  }

  function tell(events: readonly EventDraft[]): void {
    for (const event of events) {
      if (event.event === 'license.time_manipulation_detected') counts.jumps.backward++
      if (event.event === 'license.time_drift_detected') counts.jumps.forward++
      listeners.tell(event)
    }
  }

  const current = () => license
  return {
    get state() {
      return license
    },
    health: () => health(license),
    mayServe: () => mayServe(license),
    samples: now => samples(license, { ...counts, driftSeconds: drift(guard.clock) }, now),
    on: listeners.on,
    guard: () => httpGuard(current),
    fetchGuard: () => fetchGuard(current),
    async tick() {
      await tick()
      await saver.idle()
    },
    async close() {
      stop()
      await busy
      await saver.save(state(true))
    },
  }
}

/** With a sample by hand: what tests use instead of waiting. */
export interface TickingMonitor extends LicenseMonitor {
  tick(): Promise<void>
}

function equal(before: Uint8Array | undefined, after: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before, after) === 0
}
