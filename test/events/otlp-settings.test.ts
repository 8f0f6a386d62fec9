import { expect, test } from 'vitest'
import { configSchema } from '../../exporter/config/schema.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'

function settings(env: Record<string, string>, otlp: object = {}) {
  return otlpSettings(env, configSchema.parse({ otlp }).otlp, 'host:8080')
}

test('nothing is pushed without an endpoint', () => {
  expect(
    settings({ OTEL_METRIC_EXPORT_INTERVAL: '1000' }, { metrics: true, logs: true }),
  ).toMatchObject({
    logs: undefined,
    metrics: undefined,
  })
})

test('the standard variable pushes both signals below it', () => {
  const { logs, metrics } = settings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/x/' })
  expect([logs?.url, metrics?.url]).toEqual([
    'http://c:4318/x/v1/logs',
    'http://c:4318/x/v1/metrics',
  ])
  expect(metrics?.intervalMs).toBe(60_000)
  expect([logs?.gzip, metrics?.gzip]).toEqual([true, true])
})

test('the endpoint of one signal is taken as it is', () => {
  const { logs, metrics } = settings({
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://loki/otlp/v1/logs',
  })
  expect([logs?.url, metrics]).toEqual(['http://loki/otlp/v1/logs', undefined])
})

test("the section's keys win over the variables", () => {
  const { logs, metrics } = settings(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://env:4318',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://env-logs/',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/env.pem',
    },
    { endpoint: 'https://file:4318', headers_file: '/headers', ca_file: '/file.pem' },
  )
  expect(logs).toMatchObject({
    url: 'https://file:4318/v1/logs',
    headers: {},
    headersFile: '/headers',
    caFile: '/file.pem',
  })
  expect(metrics).toBeUndefined()
})

test('the section pushes logs and leaves metrics to pull unless it says so', () => {
  const endpoint = 'http://c:4318'
  expect(settings({}, { endpoint }).metrics).toBeUndefined()
  expect(settings({}, { endpoint, metrics: true }).metrics?.url).toBe('http://c:4318/v1/metrics')
  expect(settings({}, { endpoint, logs: false }).logs).toBeUndefined()
})

test('OTEL_SDK_DISABLED and the exporters "none" push nothing', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://c:4318'
  expect(settings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' })).toMatchObject({
    logs: undefined,
    metrics: undefined,
  })
  const none = settings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_METRICS_EXPORTER: 'none' })
  expect([none.logs?.url, none.metrics]).toEqual(['http://c:4318/v1/logs', undefined])
})

test('headers are decoded, those of one signal win', () => {
  const { logs, metrics } = settings({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-a=1',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'authorization=Bearer%20y',
  })
  expect(logs?.headers).toEqual({ authorization: 'Bearer y' })
  expect(metrics?.headers).toEqual({ authorization: 'Bearer x', 'x-a': '1' })
})

test('the resource names service and instance unless the variables do', () => {
  expect(settings({}).resource).toEqual({
    'service.name': 'iosetu-license-exporter',
    'service.instance.id': 'host:8080',
  })
  expect(
    settings({
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,service.instance.id=i,site=Köln',
      OTEL_SERVICE_NAME: 'b',
    }).resource,
  ).toEqual({ 'service.name': 'b', 'service.instance.id': 'i', site: 'Köln' })
})

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318 s3cret' }, 'ENDPOINT is not an http'],
  [
    { OTEL_EXPORTER_OTLP_HEADERS: 's3cret', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
    'HEADERS holds',
  ],
  [{ OTEL_RESOURCE_ATTRIBUTES: '%s3cret' }, 'OTEL_RESOURCE_ATTRIBUTES holds'],
  [{ OTEL_METRIC_EXPORT_INTERVAL: 's3cret' }, 'OTEL_METRIC_EXPORT_INTERVAL is not'],
])('a variable that cannot be used is named without its value: %o', (env, why) => {
  const { warnings } = settings(env as Record<string, string>)
  expect(warnings.join('\n')).toContain(why)
  expect(warnings.join('\n')).not.toContain('s3cret')
})
