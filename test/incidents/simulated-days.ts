import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareDemo } from '../../exporter/demo/demo.ts'
import { createFeatureMap } from '../../exporter/feature-map.ts'
import { samplesOf } from '../../exporter/metrics/samples.ts'
import { alertRules, recordingRules, withRecorded } from '../alerts/rules.ts'
import { check } from '../promql/check.ts'
import { type Recorder, record } from './promtool-series.ts'
import { type SimulatedServer, simulatedServers, type Trouble } from './simulated-site.ts'

const minute = 60
const hour = 3600
const day = 86_400

/** A Monday; always the same, so that every run sees the same month. */
const began = Date.parse('2026-01-05T00:00:00Z') / 1000

export interface Happening {
  /** Seconds after the beginning, and how long. */
  at: number
  lasts: number
  /** Undefined: it happens to the exporter. */
  server?: string
  trouble: Trouble | 'exporter away'
}

/** Troubles of every month that nobody should be woken for, on days of work. */
export const ordinary: readonly Happening[] = [
  { at: 3 * day + 3 * hour, lasts: 4 * minute, server: 'simulation', trouble: 'refused' },
  { at: 8 * day + 14 * hour, lasts: 3 * minute, trouble: 'exporter away' },
  { at: 11 * day + 10 * hour, lasts: 10 * minute, server: 'effects', trouble: 'tool fails' },
  { at: 15 * day + 16 * hour, lasts: 4 * minute, server: 'simulation', trouble: 'daemon down' },
  { at: 22 * day + 4 * hour, lasts: 12 * minute, server: 'cad', trouble: 'member down' },
  { at: 23 * day + 11 * hour, lasts: 3 * minute, server: 'compositing', trouble: 'tool fails' },
  { at: 25 * day + 9 * hour, lasts: 2 * minute, trouble: 'exporter away' },
]

export const serverDown: Happening = {
  at: 12 * hour,
  lasts: 20 * minute,
  server: 'cad',
  trouble: 'refused',
}

/** Every series that a rule reads, over so many days from second 0, as promtool takes it. */
export function simulatedDays(
  days: number,
  step: number,
  happenings: readonly Happening[],
): { series: string; values: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'license-days-'))
  try {
    const now = new Date(began * 1000)
    const { config } = prepareDemo({
      now,
      port: 0,
      keyHash: '0'.repeat(64),
      folder,
      interval: `${step}s`,
    })
    const servers = simulatedServers(config, began)
    const features = createFeatureMap(config.feature)
    const target = { job: 'iosetu-license-exporter', instance: 'licenses:8080' }
    const recorder = record(target, selected())
    let started = 0
    for (let at = 0; at <= days * day; at += step) {
      const now = happenings.filter(one => at >= one.at && at < one.at + Math.max(one.lasts, step))
      if (now.some(({ trouble }) => trouble === 'exporter away')) {
        recorder.scrape([sample('up', {}, 0)])
        for (const server of servers) server.restart()
        started = at
        continue
      }
      for (const server of servers) poll(server, at, now)
      recorder.scrape(scraped(at))
    }
    return recorder.series()

    function poll(server: SimulatedServer, at: number, now: readonly Happening[]): void {
      const trouble = now.find(one => one.server === server.name)?.trouble
      server.poll(began + at - step, began + at, trouble === 'exporter away' ? undefined : trouble)
    }

    function* scraped(at: number): Generator<ReturnType<typeof sample>> {
      yield sample('up', {}, 1)
      yield* ofExporter(at, started)
      const date = new Date((began + at) * 1000)
      for (const { state } of servers) {
        for (const one of samplesOf(state, { features, checkouts: undefined }, date)) {
          // Time of promtool begins at 0.
          const shift = one.metric.endsWith('_timestamp_seconds') ? began : 0
          yield { ...one, value: one.value - shift }
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The names that rules select, without which promtool evaluates them all the same. */
function selected(): Set<string> {
  const series = withRecorded()
  const rules = [...alertRules, ...recordingRules]
  return new Set(rules.flatMap(({ expr }) => [...check(expr, { series }).selects]))
}

type Given = Parameters<Recorder['scrape']>[0] extends Iterable<infer One> ? One : never

function sample(metric: string, labels: object, value: number): Given {
  return { metric, labels, value }
}

/** The exporter itself and its own license, which has 200 days left. */
function* ofExporter(at: number, started: number): Generator<Given> {
  yield sample('license_exporter_build_info', { version: '1', mode: 'run' }, 1)
  yield sample('license_exporter_config_last_reload_successful', {}, 1)
  yield sample('process_start_time_seconds', {}, started)
  yield sample('iosetu_license_valid', {}, 1)
  yield sample('iosetu_license_days_remaining', {}, Math.round((200 - at / day) * 100) / 100)
  yield sample('iosetu_license_grace_mode', {}, 0)
  yield sample('iosetu_license_last_check_timestamp_seconds', {}, at - (at % hour))
  for (const direction of ['backward', 'forward']) {
    yield sample('iosetu_license_clock_jumps_total', { direction }, 0)
  }
  for (const state of ['valid', 'grace', 'over', 'unlicensed']) {
    yield sample('iosetu_license_state', { state }, Number(state === 'valid'))
  }
}
