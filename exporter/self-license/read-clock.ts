import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { ClockSample } from './clock.ts'

/** All clocks at one moment. process.hrtime alone stops in suspend: a false alarm of the whole sleep. */
export function readClock(): ClockSample {
  const bootId = readBootId()
  let best: { sample: ClockSample; span: number } | undefined
  for (let attempt = 0; attempt < 4; attempt++) {
    const began = process.hrtime.bigint()
    const boot = readUptime()
    const wall = Date.now()
    const span = Number(process.hrtime.bigint() - began) / 1e6
    const mono = Number(began) / 1e6 + span / 2
    if (!best || span < best.span) best = { sample: { wall, boot, mono, bootId }, span }
    // Preempted between two readings: they belong to different moments.
    if (span < 2) break
  }
  return best!.sample
}

/** CLOCK_BOOTTIME, ms. */
function readUptime(): number {
  try {
    const seconds = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'))
    if (seconds > 0) return seconds * 1000
  } catch {}
  return uptime() * 1000
}

function readBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim() || undefined
  } catch {
    return undefined
  }
}
