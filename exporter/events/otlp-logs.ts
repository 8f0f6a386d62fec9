import type { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { headersFrom, observedAgent, withoutOtlpVariables } from './otlp-http.ts'
import { type Outcome, outcomeOf } from './otlp-outcome.ts'
import { logRecord } from './otlp-record.ts'
import type { SignalSettings } from './otlp-settings.ts'
import type { SpoolRecord } from './record.ts'

/** One connection to one collector for log records. */
export interface LogExport {
  /** Never rejects. */
  send(records: readonly SpoolRecord[]): Promise<Outcome>
  /** Cuts what is under way. */
  destroy(): void
}

const scope = { name: 'iosetu-license-exporter' }

/** @throws ExporterError('config') for files that cannot be read */
export function createLogExport(
  settings: SignalSettings,
  attributes: Readonly<Record<string, string>>,
): LogExport {
  const observed = observedAgent(settings)
  const headers = headersFrom(settings)
  const around = {
    resource: resourceFromAttributes({ ...attributes }),
    instrumentationScope: scope,
  }
  let exporter: OTLPLogExporter | undefined

  /** Loaded when there is something to send: without a collector nobody pays for it. */
  async function load(): Promise<OTLPLogExporter> {
    const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-http')
    return withoutOtlpVariables(
      () =>
        new OTLPLogExporter({
          url: settings.url,
          headers,
          timeoutMillis: settings.timeoutMs,
          compression: (settings.gzip ? 'gzip' : 'none') as never,
          httpAgentOptions: () => observed.agent,
        }),
    )
  }

  return {
    async send(records) {
      exporter ??= await load()
      const to = exporter
      observed.forget()
      const exported = records.map(({ event, written }) => logRecord(event, written, around))
      // The SDK's timeout is one of silence: a collector that drips bytes would hold us for ever.
      const { result, late } = await limited(settings.timeoutMs + 2000, done =>
        to.export(exported, ({ error, code }) =>
          done(code === 0 ? undefined : (error ?? new Error('the export failed'))),
        ),
      )
      if (late) {
        observed.agent.destroy()
        return outcomeOf(new Error('timed out'), undefined)
      }
      return outcomeOf(result, observed.answer())
    },
    destroy: observed.destroy,
  }
}

function limited(
  ms: number,
  work: (done: (error: Error | undefined) => void) => void,
): Promise<{ result: Error | undefined; late: boolean }> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve({ result: undefined, late: true }), ms)
    const done = (result: Error | undefined) => {
      clearTimeout(timer)
      resolve({ result, late: false })
    }
    try {
      work(done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}
