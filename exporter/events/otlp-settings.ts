import type { Config } from '../config/schema.ts'

/** Where and how one signal is pushed. Files are named here and read where they are used. */
export interface SignalSettings {
  url: string
  /** From the variables; a headers file takes their place. */
  headers: Readonly<Record<string, string>>
  headersFile: string | undefined
  caFile: string | undefined
  certFile: string | undefined
  keyFile: string | undefined
  timeoutMs: number
  gzip: boolean
}

export interface OtlpSettings {
  logs: SignalSettings | undefined
  metrics: (SignalSettings & { intervalMs: number }) | undefined
  /** Attributes of the resource: service.name, service.instance.id and what the variables add. */
  resource: Readonly<Record<string, string>>
  /** Sentences on variables that cannot be used; never their values. */
  warnings: string[]
}

type Environment = Readonly<Record<string, string | undefined>>
type Signal = 'LOGS' | 'METRICS'

/**
 * Standard variables and the `[otlp]` section; a key of the section wins over its variables. Nothing
 * is pushed unless one of them gives an endpoint.
 * @param instance `service.instance.id` unless the variables say otherwise: hostname:port
 */
export function otlpSettings(
  env: Environment,
  otlp: Config['otlp'],
  instance: string,
): OtlpSettings {
  const warnings: string[] = []
  const resource = resourceAttributes(env, instance, warnings)
  const off = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
  const variable = (name: string, signal: Signal) =>
    text(env[`OTEL_EXPORTER_OTLP_${signal}_${name}`]) ?? text(env[`OTEL_EXPORTER_OTLP_${name}`])

  const settings = (signal: Signal): SignalSettings | undefined => {
    const url = endpoint(env, otlp.endpoint, signal, warnings)
    if (off || !url) return undefined
    const compression = variable('COMPRESSION', signal)
    return {
      url,
      headers: otlp.headers_file ? {} : headers(variable('HEADERS', signal), warnings),
      headersFile: otlp.headers_file,
      caFile: otlp.ca_file ?? variable('CERTIFICATE', signal),
      certFile: variable('CLIENT_CERTIFICATE', signal),
      keyFile: variable('CLIENT_KEY', signal),
      timeoutMs: milliseconds(variable('TIMEOUT', signal), 10_000, 'TIMEOUT', warnings),
      gzip: compression !== 'none',
    }
  }
  // Who sets the standard variable expects metrics too; the section's own default is pull.
  const metricsWanted = otlp.metrics ?? (!otlp.endpoint && env.OTEL_METRICS_EXPORTER !== 'none')
  const logsWanted = otlp.logs ?? env.OTEL_LOGS_EXPORTER !== 'none'
  const metrics = metricsWanted ? settings('METRICS') : undefined
  const intervalMs = milliseconds(
    text(env.OTEL_METRIC_EXPORT_INTERVAL),
    60_000,
    'OTEL_METRIC_EXPORT_INTERVAL',
    warnings,
  )
  return {
    logs: logsWanted ? settings('LOGS') : undefined,
    metrics: metrics && { ...metrics, intervalMs },
    resource,
    warnings: [...new Set(warnings)],
  }
}

function endpoint(
  env: Environment,
  configured: string | undefined,
  signal: Signal,
  warnings: string[],
): string | undefined {
  const path = `v1/${signal.toLowerCase()}`
  if (configured) return below(configured, path)
  const own = text(env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`])
  const shared = text(env.OTEL_EXPORTER_OTLP_ENDPOINT)
  const url = own ?? (shared && below(shared, path))
  if (!url) return undefined
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url
  warnings.push(
    `OTEL_EXPORTER_OTLP_${own ? `${signal}_` : ''}ENDPOINT is not an http:// or https:// URL: nothing is pushed`,
  )
  return undefined
}

function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`
}

/** `name=value,name=value`, values percent-encoded, as the specification writes them. */
function headers(value: string | undefined, warnings: string[]): Record<string, string> {
  return pairs(value, 'OTEL_EXPORTER_OTLP_HEADERS', warnings)
}

function resourceAttributes(
  env: Environment,
  instance: string,
  warnings: string[],
): Record<string, string> {
  const given = pairs(env.OTEL_RESOURCE_ATTRIBUTES, 'OTEL_RESOURCE_ATTRIBUTES', warnings)
  const name = text(env.OTEL_SERVICE_NAME)
  return {
    'service.name': 'iosetu-license-exporter',
    'service.instance.id': instance,
    ...given,
    ...(name && { 'service.name': name }),
  }
}

function pairs(
  value: string | undefined,
  variable: string,
  warnings: string[],
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of (value ?? '').split(',')) {
    if (pair.trim() === '') continue
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const decoded = decode(pair.slice(at + 1).trim())
    if (at < 1 || name === '' || decoded === undefined) {
      warnings.push(`${variable} holds something that is not name=value: it is left out`)
    } else found[name] = decoded
  }
  return found
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

function milliseconds(
  value: string | undefined,
  fallback: number,
  variable: string,
  warnings: string[],
): number {
  if (value === undefined) return fallback
  const ms = Number(value)
  if (Number.isFinite(ms) && ms >= 1 && ms <= 2 ** 31 - 1) return ms
  warnings.push(`${variable} is not a number of milliseconds: ${fallback} is used`)
  return fallback
}

/** An empty variable is as one that is not set. */
function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim()
  return trimmed === '' ? undefined : trimmed
}
