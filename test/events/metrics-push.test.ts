import { ValueType } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import { expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../exporter/config/schema.ts'
import { createMetricsPush } from '../../exporter/events/metrics-push.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'
import { createLogger } from '../../exporter/log.ts'
import { type Behaviour, collector } from './collector.ts'
import { Counts, until } from './support.ts'

const producer: MetricProducer = {
  collect: async () => ({
    errors: [],
    resourceMetrics: {
      resource: resourceFromAttributes({}),
      scopeMetrics: [
        {
          scope: { name: 'test' },
          metrics: [
            {
              descriptor: {
                name: 'license_server_up',
                description: '',
                unit: '',
                valueType: ValueType.DOUBLE,
                advice: {},
              },
              aggregationTemporality: AggregationTemporality.CUMULATIVE,
              dataPointType: DataPointType.GAUGE,
              dataPoints: [
                { attributes: { server: 'cad' }, startTime: [1, 0], endTime: [2, 0], value: 1 },
              ],
            } as never,
          ],
        },
      ],
    },
  }),
}

async function push(answers: Behaviour[], env: Record<string, string> = {}) {
  const target = await collector(answers)
  const counts = new Counts()
  const { metrics, resource } = otlpSettings(
    { OTEL_EXPORTER_OTLP_ENDPOINT: target.url, OTEL_EXPORTER_OTLP_TIMEOUT: '500', ...env },
    configSchema.parse({}).otlp,
    'exporter:8080',
  )
  if (!metrics) throw new Error('no settings')
  const pusher = createMetricsPush({
    settings: metrics,
    resource,
    producer,
    instruments: counts,
    log: createLogger({ level: 'error', format: 'json', write() {} }),
  })
  onTestFinished(async () => {
    await pusher.close()
    await target.close()
  })
  return { target, counts, pusher }
}

test("the producer's series go out as gzipped protobuf at the interval of the variable", async () => {
  const { target } = await push([200], { OTEL_METRIC_EXPORT_INTERVAL: '50' })
  await until(() => target.requests.length >= 2)
  expect(target.requests[0]).toMatchObject({
    path: '/v1/metrics',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  })
  const text = target.requests[0]?.body.toString('latin1')
  for (const word of ['license_server_up', 'cad', 'service.instance.id', 'exporter:8080']) {
    expect(text).toContain(word)
  }
})

test.each<[Behaviour, string]>([
  [500, 'metrics/status'],
  ['reset', 'metrics/refused'],
  ['hang', 'metrics/timeout'],
])('a push that ends with %s is counted', async (answer, reason) => {
  const { counts, pusher } = await push([answer, answer, answer, answer, answer, answer, 200])
  await pusher.flush()
  expect(counts.errors[reason]).toBeGreaterThan(0)
})

test('closing ends within 5 s while the collector hangs', async () => {
  const { pusher } = await push(['hang'], { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' })
  const begin = Date.now()
  await pusher.close()
  expect(Date.now() - begin).toBeLessThan(5500)
})
