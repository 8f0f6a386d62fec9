import type { EventDraft, EventName } from '../../exporter/catalogue.ts'
import type * as guardModule from '../../exporter/self-license/guard.ts'
import type {
  Guard,
  Judged,
  LicenseReading,
  SavedGuard,
} from '../../exporter/self-license/guard.ts'
import type { SignedLicense } from '../../exporter/self-license/types.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export type GuardModule = Pick<typeof guardModule, 'startGuard' | 'judge' | 'checked' | 'saveGuard'>

/** A license as verification gives it; times are ms. */
export function license(
  id: string,
  { issued, expires, notBefore }: { issued: number; expires: number; notBefore?: number },
): SignedLicense {
  return {
    kid: 'k1',
    fingerprint: id,
    claims: {
      customer: 'Example',
      licenseId: id,
      issuedAt: issued / 1000,
      expiresAt: expires / 1000,
      ...(notBefore !== undefined && { notBefore: notBefore / 1000 }),
    },
  }
}

export const good = (one: SignedLicense): LicenseReading => ({ ok: true, license: one })
export const missing: LicenseReading = { ok: false, code: 'missing', content: '' }
export const invalid: LicenseReading = { ok: false, code: 'signature', content: 'torn' }

export interface State {
  guard: SavedGuard
  license: SignedLicense | undefined
}

/**
 * A machine with a true time, a wall clock that may be wrong, clocks since boot, and a process on
 * it that runs the real guard. The library's own code judges; here is only what happens to it.
 */
export class Machine {
  /** True time. */
  true: number
  /** Wall clock minus true time. */
  skew = 0
  bootedAt: number
  /** What the monotonic clock misses: it stops in suspend. */
  slept = 0
  bootId = 1
  reading: LicenseReading
  guard!: Guard
  /** What is on disk now. */
  disk: State | undefined
  readonly copies: State[] = []
  readonly log: { at: number; event: EventName; draft: EventDraft }[] = []
  /** How long a process ran so far, suspend included. */
  lived = 0
  /** How often another license came into force. */
  taken = 0
  private readonly module: GuardModule
  private savedAt = 0
  private readonly builtAt: number

  constructor(module: GuardModule, at: number, reading: LicenseReading, builtAt = 0) {
    this.module = module
    this.true = at
    this.bootedAt = at - 1000 * second
    this.reading = reading
    this.builtAt = builtAt
  }

  get wall(): number {
    return this.true + this.skew
  }

  state(): Guard['state'] {
    return this.guard.state
  }

  get serves(): boolean {
    return this.guard.state === 'valid' || this.guard.state === 'grace'
  }

  sampleNow() {
    const boot = this.true - this.bootedAt
    return { wall: this.wall, boot, mono: boot - this.slept, bootId: `boot-${this.bootId}` }
  }

  /** @param state what the process finds: what is on disk, or an older copy, or nothing */
  start(state: State | undefined = this.disk): this {
    const copy: State | undefined = state && JSON.parse(JSON.stringify(state))
    this.take(
      this.module.startGuard(this.sampleNow(), this.reading, {
        builtAt: this.builtAt,
        saved: copy?.guard,
        stored: copy?.license,
      }),
    )
    this.save(false)
    return this
  }

  /** One sample after `passed` ms. */
  tick(passed = 15 * second): void {
    this.true += passed
    this.lived += passed
    const due = this.guard.clock.lived - this.guard.clock.checkedAt >= hour
    const before = this.guard
    this.take(this.module.judge(this.guard, this.sampleNow(), this.reading))
    if (due) this.guard = this.module.checked(this.guard)
    const changed = before.state !== this.guard.state || before.announced !== this.guard.announced
    if (changed || this.guard.clock.lived - this.savedAt >= minute) this.save(false)
  }

  pass(time: number, tick = 15 * second): void {
    for (let left = time; left > 0; left -= tick) this.tick(Math.min(tick, left))
  }

  /** The wall clock is set; no system lets it stand before 1970. */
  step(by: number): void {
    this.skew = Math.max(this.skew + by, -this.true)
    this.tick(second)
  }

  suspend(time: number): void {
    this.slept += time
    this.tick(time)
  }

  /** The process ends; kill −9 where it is not clean. */
  stop(clean: boolean): void {
    if (clean) this.save(true)
  }

  /** @param up how long ago it booted when the process starts */
  reboot(down: number, up = 20 * second): void {
    this.true += down
    this.bootId++
    this.bootedAt = this.true - up
    this.slept = 0
  }

  copyState(): void {
    if (this.disk) this.copies.push(this.disk)
  }

  /** Unix times that the guard holds for certain. */
  certain(): { line: number; floor: number; reference: number } {
    const { line, floor, reference, lived } = this.guard.clock
    return { line: line + lived, floor: floor + lived, reference: reference + lived }
  }

  events(): EventName[] {
    return this.log.map(one => one.event)
  }

  startAfresh(): this {
    this.disk = undefined
    return this.start()
  }

  private take({ guard, events, taken }: Judged): void {
    this.guard = guard
    if (taken) this.taken++
    for (const draft of events) this.log.push({ at: this.true, event: draft.event, draft })
  }

  private save(clean: boolean): void {
    this.savedAt = this.guard.clock.lived
    this.disk = { guard: this.module.saveGuard(this.guard, clean), license: this.guard.current }
  }
}
