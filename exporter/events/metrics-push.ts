import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import type { Instruments, Logger } from '../parts.ts'
import {
  headersFrom,
  type ObservedAgent,
  observedAgent,
  withoutOtlpVariables,
} from './otlp-http.ts'
import { type Outcome, outcomeOf } from './otlp-outcome.ts'
import type { OtlpSettings } from './otlp-settings.ts'

export interface MetricsPush {
  /** Pushes now; for tests and before the end. */
  flush(): Promise<void>
  /** Ends within 5 s whatever the collector does. */
  close(): Promise<void>
}

export interface MetricsPushOptions {
  settings: NonNullable<OtlpSettings['metrics']>
  resource: OtlpSettings['resource']
  /** The same series as /metrics. */
  producer: MetricProducer
  instruments: Pick<Instruments, 'otlpError'>
  log: Logger
}

const pointsAtOnce = 10_000
const closeWithinMs = 5000

/**
 * Pushes the MetricProducer's series at an interval, as protobuf. A push that fails is not kept: the
 * next one is complete.
 * @throws ExporterError('config') for files that cannot be read
 */
export function createMetricsPush(options: MetricsPushOptions): MetricsPush {
  const { settings, resource, producer } = options
  const observed = observedAgent(settings)
  const headers = headersFrom(settings)
  const exporter = withoutOtlpVariables(
    () =>
      new OTLPMetricExporter({
        url: settings.url,
        headers,
        timeoutMillis: Math.min(settings.timeoutMs, settings.intervalMs),
        compression: (settings.gzip ? 'gzip' : 'none') as never,
        httpAgentOptions: () => observed.agent,
      }),
  )
  const reader = new PeriodicExportingMetricReader({
    exporter: counted(exporter, observed, options),
    exportIntervalMillis: settings.intervalMs,
    exportTimeoutMillis: Math.min(30_000, settings.intervalMs),
    metricProducers: [producer],
    maxExportBatchSize: pointsAtOnce,
  })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ ...resource }),
    readers: [reader],
  })
  return {
    flush: () => provider.forceFlush().catch(() => {}),
    async close() {
      let timer: NodeJS.Timeout | undefined
      const over = new Promise<void>(resolve => {
        timer = setTimeout(resolve, closeWithinMs - 500)
      })
      await Promise.race([provider.shutdown().catch(() => {}), over])
      clearTimeout(timer)
      observed.destroy()
    },
  }
}

/** The SDK's exporter, its failures counted by reason and said once until it works again. */
function counted(
  exporter: OTLPMetricExporter,
  observed: ObservedAgent,
  { instruments, log }: MetricsPushOptions,
): PushMetricExporter {
  let failing = false
  const tell = (outcome: Outcome) => {
    if (outcome.ok && outcome.rejected === 0) {
      if (failing) log.info('The collector takes metrics again')
      failing = false
      return
    }
    const reason = outcome.ok ? 'partial' : outcome.reason
    instruments.otlpError('metrics', reason)
    if (!failing) log.warn('Metrics could not be pushed', { reason, error: outcome.message })
    failing = true
  }
  return {
    export(metrics, callback) {
      observed.forget()
      exporter.export(metrics, result => {
        tell(outcomeOf(result.code === 0 ? undefined : result.error, observed.answer()))
        callback(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: type => exporter.selectAggregationTemporality(type),
    selectAggregation: type => exporter.selectAggregation(type),
  }
}
