interface Query {
  refId: string
  expr: string
  instant?: boolean
  range?: boolean
  format?: string
  legendFormat?: string
  intervalMs?: number
}

interface Series {
  metric: Record<string, string>
  value: [number, string]
  values: Array<[number, string]>
}

const time = { name: 'Time', type: 'time', typeInfo: { frame: 'time.Time' } }
const float = { name: 'Value', type: 'number', typeInfo: { frame: 'float64' } }

/** One query of Grafana's /api/ds/query, answered by a real Prometheus, as frames. */
export async function runQuery(prometheus: string, query: Query, from: string, to: string) {
  const instant = query.instant === true && query.range !== true
  const step = Math.max(1, Math.ceil((query.intervalMs ?? 15_000) / 1000))
  const ask: Record<string, string> = instant
    ? { query: query.expr, time: String(Number(to) / 1000) }
    : {
        query: query.expr,
        start: String(Number(from) / 1000),
        end: String(Number(to) / 1000),
        step: String(step),
      }
  const answer = await fetch(`${prometheus}/api/v1/${instant ? 'query' : 'query_range'}`, {
    method: 'POST',
    body: new URLSearchParams(ask),
  }).catch(() => undefined)
  if (!answer) return { status: 502, error: 'dial tcp: connection refused', frames: [] }
  const body = (await answer.json()) as {
    status: string
    error?: string
    data: { result: Series[] }
  }
  if (body.status !== 'success') return { status: 400, error: body.error, frames: [] }
  const { result } = body.data
  if (query.format === 'table')
    return { status: 200, frames: result.length === 0 ? [] : [table(query, result)] }
  return { status: 200, frames: result.map(one => line(query, one, instant)) }
}

function table(query: Query, result: readonly Series[]) {
  const names = [...new Set(result.flatMap(one => Object.keys(one.metric)))].sort()
  return {
    schema: {
      refId: query.refId,
      fields: [
        time,
        ...names.map(name => ({ name, type: 'string', typeInfo: { frame: 'string' } })),
        float,
      ],
    },
    data: {
      values: [
        result.map(one => one.value[0] * 1000),
        ...names.map(name => result.map(one => one.metric[name] ?? '')),
        result.map(one => Number(one.value[1])),
      ],
    },
  }
}

function line(query: Query, one: Series, instant: boolean) {
  const points = instant ? [one.value] : one.values
  const name = query.legendFormat?.replace(
    /\{\{\s*(\w+)\s*\}\}/g,
    (_, label) => one.metric[label] ?? ''
  )
  return {
    schema: {
      refId: query.refId,
      meta: { type: 'timeseries-multi' },
      fields: [
        time,
        { ...float, labels: one.metric, config: name ? { displayNameFromDS: name } : {} },
      ],
    },
    data: { values: [points.map(point => point[0] * 1000), points.map(point => Number(point[1]))] },
  }
}
