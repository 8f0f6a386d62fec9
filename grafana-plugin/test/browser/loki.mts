/**
 * What Loki makes of the exporter's events, for the two addresses that are used: OTLP logs in, a
 * query over a time range out. As Loki 3 was seen to answer: the service is the stream, everything
 * else of a record is structured metadata, as text, with `_` for what is no letter or digit.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

interface Value {
  stringValue?: string
  intValue?: string | number
  doubleValue?: number
  boolValue?: boolean
}

interface Attribute {
  key: string
  value: Value
}

interface LogRecord {
  timeUnixNano: string
  observedTimeUnixNano: string
  severityText: string
  severityNumber: number
  eventName?: string
  body: Value
  attributes: Attribute[]
}

interface Pushed {
  resourceLogs: Array<{
    resource: { attributes: Attribute[] }
    scopeLogs: Array<{ scope: { name: string }; logRecords: LogRecord[] }>
  }>
}

type Labels = Record<string, string>
type Line = [nanoseconds: string, text: string, more: { structuredMetadata: Labels }]

const text = (value: Value) => String(Object.values(value)[0] ?? '')
const name = (key: string) => key.replace(/[^A-Za-z0-9]/g, '_')
const labels = (attributes: readonly Attribute[]): Labels =>
  Object.fromEntries(attributes.map(({ key, value }) => [name(key), text(value)]))

export async function startLoki() {
  const streams = new Map<string, { stream: Labels; values: Line[] }>()
  const asked: string[] = []

  function push({ resourceLogs }: Pushed): void {
    for (const { resource, scopeLogs } of resourceLogs) {
      const all = labels(resource.attributes)
      const stream = {
        service_name: all.service_name ?? 'unknown_service',
        ...(all.service_instance_id && { service_instance_id: all.service_instance_id }),
      }
      const key = JSON.stringify(stream)
      const { values } = streams.get(key) ?? { values: [] as Line[] }
      for (const { scope, logRecords } of scopeLogs)
        values.push(...logRecords.map(record => line(record, scope.name)))
      streams.set(key, { stream, values })
    }
  }

  function query(params: URLSearchParams) {
    const [start, end] = [BigInt(params.get('start')!), BigInt(params.get('end')!)]
    const result = [...streams.values()].map(({ stream, values }) => ({
      stream,
      values: values
        .filter(([at]) => BigInt(at) >= start && BigInt(at) < end)
        .sort((a, b) => (a[0] < b[0] ? 1 : -1))
        .slice(0, Number(params.get('limit') ?? 100)),
    }))
    return {
      status: 'success',
      data: { resultType: 'streams', encodingFlags: ['categorize-labels'], result },
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://loki')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.setHeader('content-type', 'application/json')
    if (url.pathname === '/otlp/v1/logs') {
      const body = Buffer.concat(chunks)
      const packed = request.headers['content-encoding'] === 'gzip'
      push(JSON.parse((packed ? gunzipSync(body) : body).toString()))
      return void response.writeHead(200).end('{}')
    }
    asked.push(url.searchParams.get('query') ?? '')
    response.end(JSON.stringify(query(url.searchParams)))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The queries that were asked. */
    asked,
    lines: () => [...streams.values()].reduce((sum, { values }) => sum + values.length, 0),
    close: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

function line(record: LogRecord, scope: string): Line {
  const structuredMetadata = {
    ...labels(record.attributes),
    ...(record.eventName && { event_name: record.eventName }),
    detected_level: record.severityText.toLowerCase(),
    severity_text: record.severityText,
    severity_number: String(record.severityNumber),
    observed_timestamp: record.observedTimeUnixNano,
    scope_name: scope,
  }
  return [record.timeUnixNano, text(record.body), { structuredMetadata }]
}
