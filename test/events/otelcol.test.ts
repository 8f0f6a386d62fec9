import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type MetricName, metrics, type Sample } from '../../exporter/catalogue.ts'
import { configSchema } from '../../exporter/config/schema.ts'
import { createMetricsPush } from '../../exporter/events/metrics-push.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'
import { createLogger } from '../../exporter/log.ts'
import { createProducer } from '../../exporter/metrics/producer.ts'
import { freePort } from '../free-port.ts'
import { everyEvent } from './every-event.ts'
import { Counts, eventLog, folder, until } from './support.ts'

const binary = process.env.OTELCOL_BIN
const there = binary !== undefined && existsSync(binary)

/** A real collector that writes what it receives into files. */
async function otelcol(): Promise<{ url: string; logs: string; metrics: string }> {
  const dir = folder()
  const port = await freePort()
  const files = { logs: join(dir, 'logs.json'), metrics: join(dir, 'metrics.json') }
  const config = join(dir, 'config.yaml')
  writeFileSync(
    config,
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters:
  file/logs: { path: "${files.logs}", flush_interval: 100ms }
  file/metrics: { path: "${files.metrics}", flush_interval: 100ms }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    logs: { receivers: [otlp], exporters: [file/logs] }
    metrics: { receivers: [otlp], exporters: [file/metrics] }
`,
  )
  let said = ''
  const child: ChildProcess = spawn(binary as string, ['--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr?.on('data', chunk => {
    said += chunk
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the collector ended: ${said}`)
    return said.includes('Everything is ready')
  }, 25_000)
  return { url: `http://127.0.0.1:${port}`, ...files }
}

interface Value {
  stringValue?: string
  intValue?: string
  doubleValue?: number
}

function flat(attributes: { key: string; value: Value }[] = []): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? Number(value.intValue ?? value.doubleValue),
    ]),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: the collector's own JSON, looked into below.
function lines(path: string): any[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

/** One sample of every series. */
function everySample(): Sample[] {
  return Object.entries(metrics).map(([metric, { labels }], index) => ({
    metric: metric as MetricName,
    labels: Object.fromEntries(labels.map(label => [label, `${label} é`])),
    value: index + 0.25,
  })) as unknown as Sample[]
}

test.skipIf(!there)(
  there
    ? 'a real collector receives every event with every attribute, severity and name'
    : 'skipped: OTELCOL_BIN names no OpenTelemetry Collector; docs/events-and-otlp.md says how to build one',
  async () => {
    const collector = await otelcol()
    const { log } = await eventLog({
      url: collector.url,
      stateDir: folder(),
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: '5000' },
    })
    const emitted = everyEvent().map(draft => log.emit(draft))
    const records = () =>
      lines(collector.logs).flatMap(one =>
        one.resourceLogs.flatMap((resource: { scopeLogs: { logRecords: object[] }[] }) =>
          resource.scopeLogs.flatMap(scope => scope.logRecords),
        ),
      )
    await until(() => records().length >= emitted.length)
    const numbers = { INFO: 9, WARN: 13, ERROR: 17 }
    expect(
      records().map(one => ({
        at: one.timeUnixNano,
        severity: one.severityNumber,
        text: one.severityText,
        body: one.body.stringValue,
        eventName: one.eventName,
        attributes: flat(one.attributes),
      })),
    ).toEqual(
      emitted.map(({ timestamp, level, msg, event, id, ...attributes }) => ({
        at: `${Date.parse(timestamp)}000000`,
        severity: numbers[level],
        text: level,
        body: msg,
        eventName: event,
        attributes: { ...attributes, 'event.name': event, 'log.record.uid': id },
      })),
    )
    expect(flat(lines(collector.logs)[0].resourceLogs[0].resource.attributes)).toEqual({
      'service.name': 'iosetu-license-exporter',
      'service.instance.id': 'exporter:8080',
    })
  },
  60_000,
)

test.skipIf(!there)(
  there
    ? 'a real collector receives every series with every label'
    : 'skipped: OTELCOL_BIN names no OpenTelemetry Collector; metrics are not pushed to one here',
  async () => {
    const collector = await otelcol()
    const sent = everySample()
    const { metrics: settings, resource } = otlpSettings(
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      configSchema.parse({}).otlp,
      'exporter:8080',
    )
    if (!settings) throw new Error('no settings')
    const counts = new Counts()
    const push = createMetricsPush({
      settings,
      resource,
      producer: createProducer({ samples: async () => sent, version: '0', startedAt: new Date() }),
      instruments: counts,
      log: createLogger({ level: 'error', format: 'json', write() {} }),
    })
    onTestFinished(() => push.close())
    await push.flush()
    const found = () =>
      lines(collector.metrics).flatMap(one =>
        one.resourceMetrics.flatMap((all: { scopeMetrics: { metrics: object[] }[] }) =>
          all.scopeMetrics.flatMap(scope => scope.metrics),
        ),
      )
    await until(() => found().length >= sent.length)
    expect(counts.errors).toEqual({})
    const byName = new Map(
      found().map(one => {
        const { dataPoints, isMonotonic = false } = one.sum ?? one.gauge
        const [{ attributes, asDouble, asInt }] = dataPoints
        return [
          one.name,
          { isMonotonic, labels: flat(attributes), value: asDouble ?? Number(asInt) },
        ]
      }),
    )
    for (const { metric, labels, value } of sent) {
      expect([metric, byName.get(metric)]).toEqual([
        metric,
        { isMonotonic: metrics[metric].kind === 'counter', labels, value },
      ])
    }
  },
  60_000,
)
