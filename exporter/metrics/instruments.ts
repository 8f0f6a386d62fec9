import type { Counter } from '@opentelemetry/api'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { DataPointType, MeterProvider } from '@opentelemetry/sdk-metrics'
import {
  events,
  type LabelsOf,
  type MetricDefinition,
  type MetricName,
  metrics,
  type Sample,
  sample,
} from '../catalogue.ts'
import type { Instruments } from '../parts.ts'

export const dropReasons = ['size', 'age', 'disk', 'queue', 'corrupt'] as const
export const otlpSignals = ['metrics', 'logs'] as const
export const otlpErrorReasons = ['timeout', 'refused', 'status', 'partial', 'tls'] as const

export interface ExporterInstruments extends Instruments {
  samples(): Promise<Sample[]>
  shutdown(): Promise<void>
}

/** What counts inside the exporter itself: few, bounded label sets, so OpenTelemetry's instruments fit. */
export function createInstruments(): ExporterInstruments {
  const reader = new PrometheusExporter({ preventServerStart: true })
  const provider = new MeterProvider({ readers: [reader] })
  const meter = provider.getMeter('iosetu-license-exporter')

  function instrument<M extends MetricName>(
    name: M,
  ): (labels: LabelsOf<M>, count?: number) => void {
    const { help, unit = '' } = metrics[name] as MetricDefinition
    const counter: Counter = meter.createCounter(name, { description: help, unit })
    return (labels, count = 1) => counter.add(count, labels)
  }

  const event = instrument('license_exporter_events_total')
  const dropped = instrument('license_exporter_events_dropped_total')
  const otlpError = instrument('license_exporter_otlp_export_errors_total')
  const httpRequest = instrument('license_exporter_http_requests_total')
  const authFailure = instrument('license_exporter_http_auth_failures_total')
  const rateLimited = instrument('license_exporter_http_rate_limited_total')

  for (const name of Object.keys(events)) event({ event: name }, 0)
  for (const reason of dropReasons) dropped({ reason }, 0)
  for (const signal of otlpSignals) {
    for (const reason of otlpErrorReasons) otlpError({ signal, reason }, 0)
  }
  authFailure({}, 0)
  rateLimited({}, 0)

  return {
    event: name => event({ event: name }),
    eventsDropped: (reason, count) => dropped({ reason }, count),
    otlpError: (signal, reason) => otlpError({ signal, reason }),
    httpRequest: (route, method, code) => httpRequest({ route, method, code: String(code) }),
    authFailure: () => authFailure({}),
    rateLimited: () => rateLimited({}),
    async samples() {
      const { resourceMetrics } = await reader.collect()
      return resourceMetrics.scopeMetrics.flatMap(scope =>
        scope.metrics.flatMap(data => {
          if (data.dataPointType !== DataPointType.SUM) return []
          const name = data.descriptor.name as MetricName
          return data.dataPoints.map(({ attributes, value }) =>
            sample(name, attributes as LabelsOf<MetricName>, value),
          )
        }),
      )
    },
    shutdown: () => provider.shutdown(),
  }
}
