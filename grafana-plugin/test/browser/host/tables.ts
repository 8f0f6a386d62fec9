/**
 * The front end of Grafana's Prometheus: its back end gives a frame for each series, and those of a
 * query in the format of tables become one.
 */
export function tables(frames: any[], targets: any[]): any[] {
  const wanted = new Set(targets.filter(one => one.format === 'table').map(one => one.refId))
  const byRef = new Map<string, any[]>()
  for (const frame of frames.filter(one => wanted.has(one.refId))) {
    const list = byRef.get(frame.refId) ?? []
    list.push(frame)
    byRef.set(frame.refId, list)
  }
  const made = [...byRef].map(([refId, list]) => table(refId, list, byRef.size > 1))
  return [...frames.filter(one => !wanted.has(one.refId)), ...made]
}

function table(refId: string, frames: any[], several: boolean) {
  const full = frames.filter(frame => frame.fields.length > 1)
  const names = new Set<string>()
  for (const frame of full) for (const name in frame.fields[1].labels) names.add(name)
  const column = (name: string, type: string, values: unknown[]) => ({
    name,
    type,
    config: {},
    values,
  })
  const fields = [
    column(
      'Time',
      'time',
      full.flatMap(frame => frame.fields[0].values)
    ),
    ...[...names].sort().map(name =>
      column(
        name,
        'string',
        full.flatMap(({ fields }) => fields[1].values.map(() => fields[1].labels?.[name] ?? ''))
      )
    ),
    column(
      several ? `Value #${refId}` : 'Value',
      'number',
      full.flatMap(frame => frame.fields[1].values)
    ),
  ]
  return { refId, meta: frames[0].meta, fields, length: fields[0]!.values.length }
}
