import { setTimeout as sleep } from 'node:timers/promises'
import { tool } from '../needs.ts'
import { absent } from './absent.ts'
import { checks } from './checks.ts'
import { address, startExporters } from './exporters.ts'
import { asked, askedVariables, interpolate, labelValuesOf, type Times } from './expressions.ts'
import { type Loki, lokiPrograms, sendEveryEvent, startLoki } from './loki.ts'
import { type Prometheus, ruleFiles, shorter, startPrometheus } from './prometheus.ts'
import { same } from './same.ts'
import { selectors } from './selectors.ts'

/**
 * The demo exporter, scraped by a real Prometheus with the shipped configuration and rules: every
 * expression of every panel, variable and rule returns series, or stands in absent.ts with the reason.
 *   npm run test:stack
 */
const program = process.env.PROMETHEUS_BIN ?? tool('prometheus')
const seconds = Number(process.env.STACK_SECONDS ?? 45)
const times: Times = { interval: '10s', rateInterval: '10s', range: '10m', hour: '2s' }

if (!program || !tool('promtool')) {
  console.log('0 passed, 0 failed, 1 skipped')
} else {
  const results = checks()
  const programs = lokiPrograms()
  const loki = typeof programs === 'string' ? undefined : await startLoki(programs)
  const exporters = await startExporters(loki?.endpoint)
  const [demo, twin, odd] = [exporters.demo, exporters.twin, exporters.odd].map(address)
  // Two exporters of the same license servers, a job of another name, and the documented job on
  // /health beside them: what they tell must not count twice.
  const prometheus = await startPrometheus(program, 'prometheus-health.yml', [
    { job: 'iosetu-license-exporter', targets: [demo!, twin!] },
    { job: 'licenses (north)', targets: [odd!] },
    { job: 'iosetu-license', path: '/health', targets: [demo!, odd!] },
  ])
  try {
    // A busy machine takes its time for the first scrapes; what counts begins with them.
    const jobs = () => prometheus.labelValues('job', 'license_feature_seats_used')
    for (let left = 90; (await jobs()).length < 2 && left > 0; left--) await sleep(2000)
    await sleep(seconds * 1000)
    const values = await variableValues(prometheus)
    await everyExpression(prometheus, values, results)
    await everyRule(prometheus, results)
    await same(prometheus, values, times, { demo: demo!, odd: odd! }, results)
    if (loki) await everyLogQuery(loki, values, results)
    else results.listed(`skipped: ${programs}: the questions of Events are asked of nobody`)
  } finally {
    await loki?.close()
    await prometheus.close()
    await exporters.close()
  }
  results.end()
}

async function variableValues(prometheus: Prometheus) {
  const jobs = await prometheus.labelValues('job', 'license_exporter_build_info')
  const all = '.+'
  return {
    job: jobs,
    instance: all,
    server: all,
    vendor: all,
    feature: all,
    utc_offset: '0',
    headroom: '10',
    service: 'iosetu-license-exporter',
  }
}

type Values = Awaited<ReturnType<typeof variableValues>>
type Results = ReturnType<typeof checks>

async function everyExpression(prometheus: Prometheus, values: Values, results: Results) {
  for (const { where, expr, source, range } of asked()) {
    if (source === 'loki') continue
    const text = interpolate(expr, values, times)
    const reason = absent.find(entry => where.startsWith(entry.where))
    const found = await patiently(reason ? 1 : 5, () =>
      range ? prometheus.queryRange(text, 30, 2) : prometheus.query(text),
    )
    if (found.length > 0) results.passed(`${where}: ${found.length} series`)
    else if (reason) results.listed(`${where}: ${reason.why} (reached by ${reason.incident})`)
    else results.failed(`${where} returns nothing: ${text}`)
  }
  for (const { where, query } of askedVariables()) {
    const { selector, label } = labelValuesOf(query)
    const found = await prometheus.labelValues(label, interpolate(selector, values, times))
    if (found.length > 0) results.passed(`${where}: ${found.length} values`)
    else results.failed(`${where} has no values: ${query}`)
  }
  results.check(
    absent.length <= 10 && absent.every(({ where }) => !where.startsWith('overview')),
    'at most ten expressions return nothing in the demo, none of them on Overview',
  )
  const places = [...asked().map(({ where }) => where), ...selected()]
  for (const { where } of absent) {
    const there = places.some(place => place.startsWith(where))
    results.check(there, `absent.ts: ${where} names something that is there`)
  }
}

/** The events of the demo first, then one of each kind: whatever is counted was sent. */
async function everyLogQuery(loki: Loki, values: Values, results: Results) {
  const own = `{service_name="${values.service}"} | event_name="license_pool.baseline"`
  const baseline = await patiently(10, () => loki.query(own))
  results.check(baseline.length > 0, 'the events of the demo arrive in Loki')
  await sendEveryEvent(loki.endpoint)
  for (const { where, expr, source } of asked()) {
    if (source !== 'loki') continue
    const text = interpolate(expr, values, { ...times, interval: '1m', range: '1h' })
    const found = await patiently(10, () => loki.query(text))
    results.check(found.length > 0, `${where}: ${found.length} answers of Loki to ${text}`)
  }
  const services = await loki.labelValues('service_name')
  results.check(services.includes(values.service), 'the service is a label of Loki')
}

/** A scrape that came too late on a busy machine is over in a moment. */
async function patiently<T>(times: number, ask: () => Promise<T[]>): Promise<T[]> {
  for (let left = times; ; left--) {
    const found = await ask()
    if (found.length > 0 || left <= 1) return found
    await sleep(2000)
  }
}

function rulesOfAlerts() {
  return ruleFiles().flatMap(({ content }) => content.groups.flatMap(({ rules }) => rules))
}

function selected(): string[] {
  return rulesOfAlerts().flatMap(({ expr }) =>
    selectors(shorter(expr)).map(one => `selector ${one}`),
  )
}

/** Recording rules by their names; alerts are silent when all is well, so what they select is asked. */
async function everyRule(prometheus: Prometheus, results: Results) {
  for (const rule of await prometheus.rules()) {
    results.check(rule.health === 'ok', `rule ${rule.name} is healthy ${rule.lastError ?? ''}`)
  }
  for (const rule of rulesOfAlerts()) {
    const name = rule.record ?? rule.alert ?? ''
    for (const question of rule.record ? [rule.record] : selectors(shorter(rule.expr))) {
      const reason = absent.find(entry => entry.where === `selector ${question}`)
      const found = await patiently(reason ? 1 : 5, () => prometheus.query(question))
      if (found.length > 0) results.passed(`${name}: ${question}`)
      else if (reason) results.listed(`${name}: ${question}: ${reason.why} (${reason.incident})`)
      else results.failed(`${name}: ${question} returns nothing`)
    }
  }
}
