import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { happenings, queued, sessions } from '../../exporter/demo/simulation.ts'
import { type DemoFeature, type DemoServer, site } from '../../exporter/demo/site.ts'
import { groups, ruleFiles } from '../alerts/rules.ts'

/**
 * 30 days of ordinary use: the demo's simulated servers, renewed in time, with the small troubles of
 * every month. All shipped rules are evaluated; nobody may be paged.
 */

const step = 300
const day = 86_400
const exporter = { job: 'iosetu-license-exporter', instance: 'licenses:8080' }

export interface OrdinaryDays {
  /** Alerts that fired, `critical LicenseServerDown`, with how many series of them. */
  fired: string[]
  series: number
}

interface Series {
  series: string
  values: string
}

function series(
  metric: string,
  labels: Record<string, string>,
  values: (number | undefined)[],
): Series {
  const shown = Object.entries({ ...exporter, ...labels }).map(
    ([k, v]) => `${k}=${JSON.stringify(v)}`,
  )
  return { series: `${metric}{${shown.join(', ')}}`, values: runs(values) }
}

/** `5+0x11 _x3 6+0x0`: equal values in a row as one word. */
function runs(values: readonly (number | undefined)[]): string {
  const words: string[] = []
  for (let i = 0; i < values.length; ) {
    let end = i
    while (end < values.length && values[end] === values[i]) end++
    words.push(values[i] === undefined ? `_x${end - i}` : `${values[i]}+0x${end - i - 1}`)
    i = end
  }
  return words.join(' ')
}

/** Days of which each has one trouble that nobody should be woken for. */
const troubles = { serverRestart: 6, exporterRestart: 13, toolFails: 20, memberReboot: 27 }

function ofServer(server: DemoServer, from: number, steps: number): Series[] {
  const { name, manager, features } = server
  const labels = { server: name, manager }
  const at = (index: number) => from + index * step
  const every = (value: (index: number) => number | undefined) =>
    Array.from({ length: steps + 1 }, (_, i) =>
      i === (troubles.exporterRestart * day) / step ? undefined : value(i),
    )
  const inTrouble = (trouble: keyof typeof troubles, i: number, long: number) => {
    const begins = (troubles[trouble] * day) / step
    return i >= begins && i < begins + long
  }
  const found = [
    series(
      'license_server_up',
      labels,
      every(i => {
        if (inTrouble('toolFails', i, 2)) return undefined
        return inTrouble('serverRestart', i, 1) ? 0 : 1
      }),
    ),
    series(
      'license_exporter_collect_success',
      labels,
      every(i => (inTrouble('toolFails', i, 2) ? 0 : 1)),
    ),
    series(
      'license_exporter_collect_timestamp_seconds',
      labels,
      every(i => i * step),
    ),
  ]
  for (const member of server.members ?? []) {
    const last = member === server.members?.at(-1) && (server.members?.length ?? 0) > 1
    const up = every(i => (last && inTrouble('memberReboot', i, 2) ? 0 : 1))
    found.push(series('license_server_member_up', { ...labels, member }, up))
  }
  for (const { name: vendor } of server.vendors) {
    const up = every(i => (inTrouble('serverRestart', i, 1) ? undefined : 1))
    found.push(series('license_server_vendor_daemon_up', { ...labels, vendor }, up))
  }
  return [...found, ...features.flatMap(one => ofFeature(server, one, at, every))]
}

function ofFeature(
  server: DemoServer,
  feature: DemoFeature,
  at: (index: number) => number,
  every: (value: (index: number) => number | undefined) => (number | undefined)[],
): Series[] {
  const labels = {
    server: server.name,
    manager: server.manager,
    vendor: feature.vendor,
    feature: feature.name,
  }
  const pool = { ...labels, pool: 'aaaaaaaa' }
  const reserved = feature.reserved?.seats ?? 0
  const happened = happenings({ ...server, features: [feature] }, at(0), at(every(() => 0).length))
  let next = happened.next()
  let out = sessions(feature, at(0)).reduce((sum, { seats }) => sum + seats, 0)
  let denied = 0
  const use = every(() => 0).map((_, i) => {
    for (; !next.done && next.value.at <= at(i); next = happened.next()) {
      const event = next.value
      if (event.kind === 'DENIED') denied++
      else out += event.kind === 'OUT' ? event.session.seats : -event.session.seats
    }
    return { out, denied }
  })
  // Whose end is near was renewed: the new line is loaded before the old one ends.
  const expires = feature.expires === 'permanent' ? undefined : Math.max(feature.expires, 120) * day
  const found = [
    series(
      'license_feature_info',
      { ...labels, product: feature.name, counting: 'counted' },
      every(() => 1),
    ),
    series(
      'license_feature_seats_issued',
      labels,
      every(() => feature.seats),
    ),
    series(
      'license_feature_seats_used',
      labels,
      every(i => (use[i]?.out ?? 0) + reserved),
    ),
    series(
      'license_feature_seats_checked_out',
      labels,
      every(i => use[i]?.out),
    ),
    series(
      'license_feature_seats_reserved',
      labels,
      every(() => reserved),
    ),
    series(
      'license_feature_queued_requests',
      labels,
      every(i => queued(feature, at(i))),
    ),
    series(
      'license_feature_denials_total',
      { ...labels, reason: 'no_seats' },
      every(i => use[i]?.denied),
    ),
    series(
      'license_pool_seats',
      pool,
      every(() => feature.seats),
    ),
  ]
  if (server.manager !== 'flexlm') {
    found.push(
      series(
        'license_pool_seats_used',
        pool,
        every(i => use[i]?.out),
      ),
    )
  }
  if (expires !== undefined)
    found.push(
      series(
        'license_pool_expiry_timestamp_seconds',
        pool,
        every(() => expires),
      ),
    )
  return found
}

function ofExporter(steps: number): Series[] {
  const steady = (value: number) => Array.from({ length: steps + 1 }, () => value)
  const restart = (troubles.exporterRestart * day) / step
  const days = Array.from({ length: steps + 1 }, (_, i) =>
    Number((200 - (i * step) / day).toFixed(4)),
  )
  return [
    series(
      'up',
      {},
      steady(1).map((_, i) => (i === restart ? 0 : 1)),
    ),
    series(
      'license_exporter_build_info',
      { version: '1', node_version: '24', mode: 'run' },
      steady(1),
    ),
    series('license_exporter_config_last_reload_successful', {}, steady(1)),
    series(
      'process_start_time_seconds',
      {},
      steady(0).map((_, i) => (i < restart ? 0 : 1)),
    ),
    series('iosetu_license_days_remaining', {}, days),
    series('iosetu_license_grace_mode', {}, steady(0)),
    series(
      'iosetu_license_last_check_timestamp_seconds',
      {},
      steady(0).map((_, i) => Math.floor((i * step) / 3600) * 3600),
    ),
    series('iosetu_license_clock_jumps_total', { direction: 'backward' }, steady(0)),
    series('iosetu_license_clock_jumps_total', { direction: 'forward' }, steady(0)),
    ...['valid', 'grace', 'over', 'unlicensed'].map(state =>
      series('iosetu_license_state', { state }, steady(state === 'valid' ? 1 : 0)),
    ),
  ]
}

export async function ordinaryDays(
  promtool: string,
  folder: string,
  days = 30,
): Promise<OrdinaryDays> {
  const steps = (days * day) / step
  const from = Math.floor(Date.now() / 1000 / day) * day
  const all = [
    ...ofExporter(steps),
    ...site.filter(({ down }) => !down).flatMap(server => ofServer(server, from, steps)),
  ]
  const file = join(folder, 'ordinary-days.test.yml')
  const whole = `[${days}d]`
  writeFileSync(
    file,
    stringify(
      {
        rule_files: ruleFiles,
        evaluation_interval: `${step}s`,
        group_eval_order: groups.map(({ name }) => name),
        tests: [
          {
            interval: `${step}s`,
            input_series: all,
            promql_expr_test: [
              {
                // Expects nothing: promtool then tells what there was.
                expr: `count by (severity, alertname) (count_over_time(ALERTS{alertstate="firing"}${whole}))`,
                eval_time: `${days}d`,
              },
              { expr: 'count(ALERTS) or vector(-1)', eval_time: `${days}d` },
            ],
          },
        ],
      },
      { lineWidth: 0 },
    ),
  )
  const run = promisify(execFile)(promtool, ['test', 'rules', file], { maxBuffer: 64e6 })
  const said: string = await run.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
  if (!said.includes('vector(-1)'))
    throw new Error(`promtool did not evaluate: ${said.slice(0, 500)}`)
  const labels = said.matchAll(/\{alertname="(\w+)", severity="(\w+)"\} ([\d.E+-]+)/g)
  const fired = [...labels].map(
    ([, alert, severity, count]) => `${severity} ${alert} (${Number(count)})`,
  )
  rmSync(file)
  return { fired: fired.sort(), series: all.length }
}
