import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventDraft } from '../../exporter/catalogue.ts'
import { type LicenseMonitorOptions, monitorParts } from '../../exporter/self-license/index.ts'
import { startMonitor, type TickingMonitor } from '../../exporter/self-license/monitor.ts'
import { createLicenseReader, sourceOf } from '../../exporter/self-license/read-license.ts'
import { publicKey } from './licenses.ts'
import { second } from './world.ts'

/** A folder of this test alone. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'own-license-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The real monitor with real files, on clocks that the test moves. */
export interface Run {
  monitor: TickingMonitor
  events: EventDraft[]
  warnings: { msg: string; fields: Record<string, unknown> }[]
  environment: Record<string, string | undefined>
  /** Time passes, then one sample. */
  tick(passed?: number): Promise<void>
  /** Every timer the monitor asked for, ms. */
  timers: number[]
  clock: { wall: number; boot: number }
}

export async function start(
  options: LicenseMonitorOptions & { at?: number },
  environment: Record<string, string | undefined> = {},
): Promise<Run> {
  const wall = options.at ?? Date.UTC(2027, 0, 5)
  const clock = { wall, boot: 5_000_000 }
  const warnings: Run['warnings'] = []
  const events: EventDraft[] = []
  const timers: number[] = []
  const parts = await monitorParts({
    trustedKeys: { keys: [publicKey] },
    log: { warn: (msg, fields = {}) => void warnings.push({ msg, fields }) },
    ...options,
  })
  const monitor = await startMonitor(parts, {
    clock: () => ({ ...clock, mono: clock.boot, bootId: 'this boot' }),
    license: createLicenseReader(() => sourceOf(options, environment), 300),
    every(milliseconds) {
      timers.push(milliseconds)
      return () => {}
    },
  })
  monitor.on(event => void events.push(event))
  onTestFinished(() => monitor.close())
  return {
    monitor,
    events,
    warnings,
    environment,
    timers,
    clock,
    async tick(passed = 15 * second) {
      clock.wall += passed
      clock.boot += passed
      await monitor.tick()
    },
  }
}

export const names = ({ events }: Run) => events.map(({ event }) => event)

export function fileWith(text: string): string {
  const file = join(folder(), 'license.key')
  writeFileSync(file, text)
  return file
}
