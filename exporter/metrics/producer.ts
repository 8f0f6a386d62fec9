import { type HrTime, ValueType } from '@opentelemetry/api'
import { emptyResource, type Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import { type MetricDefinition, type MetricName, metrics, type Sample } from '../catalogue.ts'
import { byFamily } from './encode.ts'

export interface ProducerOptions {
  /** All series as of now. */
  samples(): Iterable<Sample> | Promise<Iterable<Sample>>
  version: string
  /** Counters count from here. */
  startedAt: Date
  now?: () => Date
  resource?: Resource
}

/**
 * Our series for OpenTelemetry, names as they are. Not by instruments: under cumulative temporality
 * these never forget a label set, and a seat that came back would stay out for ever.
 */
export function createProducer(options: ProducerOptions): MetricProducer {
  const { version, startedAt, now = () => new Date(), resource = emptyResource() } = options
  return {
    async collect() {
      const scope = { name: 'iosetu-license-exporter', version }
      const data = metricData(await options.samples(), startedAt, now())
      return { errors: [], resourceMetrics: { resource, scopeMetrics: [{ scope, metrics: data }] } }
    },
  }
}

export function metricData(samples: Iterable<Sample>, startedAt: Date, now: Date): MetricData[] {
  const start = hrTime(startedAt)
  const end = hrTime(now)
  return byFamily(samples).map(([name, points]) => {
    const { kind } = metrics[name]
    const dataPoints = points
      // JSON has no NaN: a collector would get null, which is not a number.
      .filter(({ value }) => Number.isFinite(value))
      .map(({ labels, value }) => ({
        attributes: labels as Readonly<Record<string, string>>,
        startTime: kind === 'counter' ? start : end,
        endTime: end,
        value,
      }))
    const common = {
      descriptor: descriptor(name),
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints,
    }
    return kind === 'counter'
      ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true }
      : { ...common, dataPointType: DataPointType.GAUGE }
  })
}

function descriptor(name: MetricName): MetricData['descriptor'] {
  const { help, unit = '' } = metrics[name] as MetricDefinition
  return { name, description: help, unit, valueType: ValueType.DOUBLE }
}

function hrTime(at: Date): HrTime {
  const ms = at.getTime()
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6]
}
