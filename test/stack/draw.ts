import type { Override, Panel } from '../../dashboards/schema.ts'
import { type Answer, label, safe } from './frames.ts'
import type { Vector } from './prometheus.ts'

/** Small drawings of what each kind of panel gets: enough to see whether it answers its question. */

const palette = [
  '#73bf69',
  '#f2cc0c',
  '#8ab8ff',
  '#ff780a',
  '#f2495c',
  '#b877d9',
  '#5794f2',
  '#ffa6b0',
  '#96d98d',
  '#ffcb7d',
]
const names: Readonly<Record<string, string>> = {
  green: '#73bf69',
  red: '#f2495c',
  'dark-red': '#c4162a',
  orange: '#ff9830',
  yellow: '#fade2a',
  blue: '#5794f2',
  text: '#ccccdc',
  transparent: 'transparent',
  'semi-dark-yellow': '#b8860b',
  'semi-dark-red': '#a0202d',
}

type Field = NonNullable<Panel['fieldConfig']>['defaults']

const last = ({ value, values }: Vector) => Number(value?.[1] ?? values?.at(-1)?.[1] ?? Number.NaN)

export function shown(value: number, { unit, decimals, mappings }: Field): string {
  for (const mapping of mappings ?? []) {
    if (mapping.type !== 'value') continue
    const word = mapping.options[String(value)]?.text
    if (word) return word
  }
  const fixed = (n: number, digits = decimals ?? (Number.isInteger(n) ? 0 : 1)) => n.toFixed(digits)
  if (unit === 'percentunit') return `${fixed(value * 100, decimals ?? 0)} %`
  if (unit === 'dateTimeAsIso') return new Date(value).toISOString().slice(0, 16).replace('T', ' ')
  if (unit === 'd') return `${fixed(value, decimals ?? 1)} days`
  if (unit === 'bytes') return `${fixed(value / 1048576, 1)} MiB`
  if (unit !== 's') return fixed(value)
  const size = Math.abs(value)
  if (size >= 86_400) return `${fixed(value / 86_400, 1)} days`
  if (size >= 3600) return `${fixed(value / 3600, 1)} hours`
  return size >= 60 ? `${fixed(value / 60, 1)} mins` : `${fixed(value, decimals ?? 2)} s`
}

export function color(value: number, { thresholds, mappings }: Field): string {
  for (const mapping of mappings ?? []) {
    if (mapping.type !== 'value') continue
    const word = mapping.options[String(value)]?.color
    if (word) return names[word] ?? word
  }
  const reached = (thresholds?.steps ?? []).filter(
    step => step.value === null || value >= step.value,
  )
  return names[reached.at(-1)?.color ?? 'text'] ?? '#ccccdc'
}

export function stats(panel: Panel, answers: readonly Answer[]): string {
  const field = panel.fieldConfig?.defaults ?? {}
  const mode = panel.options?.textMode
  const one = answers.flatMap(({ vectors, legend }) =>
    vectors.map(vector => {
      const name = label(vector, legend)
      const text = mode === 'name' ? name : shown(last(vector), field)
      const under = mode === 'value_and_name' ? `<small>${safe(name)}</small>` : ''
      return `<div class="big" style="color:${color(last(vector), field)}">${safe(text)}${under}</div>`
    }),
  )
  return `<div class="some">${one.slice(0, 4).join('')}</div>`
}

export function bars(panel: Panel, answers: readonly Answer[]): string {
  const field = panel.fieldConfig?.defaults ?? {}
  const all = answers.flatMap(({ vectors, legend }) =>
    vectors.map(vector => ({ name: label(vector, legend), value: last(vector) })),
  )
  const most = field.max ?? Math.max(...all.map(({ value }) => value), 1e-9)
  return all
    .sort((a, b) => b.value - a.value)
    .map(
      ({ name, value }) =>
        `<div class="bar"><span>${safe(name)}</span><i><b style="width:${Math.min(100, (value / most) * 100)}%;background:${color(value, field)}"></b></i><em>${safe(shown(value, field))}</em></div>`,
    )
    .join('')
}

function extent(vectors: readonly Vector[]): { from: number; to: number } {
  const all = vectors.flatMap(({ values = [] }) => values.map(([at]) => at))
  return { from: Math.min(...all), to: Math.max(...all) }
}

export function states(panel: Panel, answers: readonly Answer[]): string {
  const field = panel.fieldConfig?.defaults ?? {}
  const all = answers.flatMap(({ vectors, legend }) => vectors.map(vector => ({ vector, legend })))
  const { from, to } = extent(all.map(({ vector }) => vector))
  const x = (at: number) => ((at - from) / Math.max(1, to - from)) * 100
  return all
    .slice(0, 12)
    .map(({ vector, legend }) => {
      const cells = (vector.values ?? []).map(
        ([at, value]) =>
          `<b style="left:${x(at)}%;width:4%;background:${color(Number(value), field)}"></b>`,
      )
      return `<div class="bar"><span>${safe(label(vector, legend))}</span><i>${cells.join('')}</i><em>${safe(shown(last(vector), field))}</em></div>`
    })
    .join('')
}

export function trend(panel: Panel, answers: readonly Answer[]): string {
  const field = panel.fieldConfig?.defaults ?? {}
  const sorted = panel.type === 'trend'
  const all = answers.flatMap(({ vectors, legend }) => vectors.map(vector => ({ vector, legend })))
  const lines = all.map(({ vector }) => {
    const values = (vector.values ?? []).map(([at, value]) => [at, Number(value)] as const)
    if (!sorted) return values
    // Hours at or above N seats: the fullest first.
    return values
      .map(([, value]) => value)
      .sort((a, b) => b - a)
      .map((value, index) => [index, value] as const)
  })
  const points = lines.flat().filter(([, value]) => Number.isFinite(value))
  if (points.length === 0) return '<p class="none">nothing to draw</p>'
  const [x0, x1] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]
  const [y0, y1] = [
    Math.min(field.min ?? Number.POSITIVE_INFINITY, ...points.map(([, y]) => y)),
    Math.max(...points.map(([, y]) => y), 1e-9),
  ]
  const x = (at: number) => (((at - x0) / Math.max(1, x1 - x0)) * 1000).toFixed(1)
  const y = (value: number) => (196 - ((value - y0) / Math.max(1e-9, y1 - y0)) * 190).toFixed(1)
  const drawn = lines.map(
    (line, index) =>
      `<polyline fill="none" stroke="${palette[index % palette.length]}" stroke-width="2" vector-effect="non-scaling-stroke" points="${line
        .filter(([, value]) => Number.isFinite(value))
        .map(([at, value]) => `${x(at)},${y(value)}`)
        .join(' ')}"/>`,
  )
  const key = all
    .slice(0, 8)
    .map(
      ({ vector, legend }, index) =>
        `<span style="color:${palette[index % palette.length]}">▬</span> ${safe(label(vector, legend))} ${safe(shown(last(vector), field))} `,
    )
  return `<svg viewBox="0 0 1000 200" preserveAspectRatio="none" style="width:100%;height:calc(100% - 46px)">${drawn.join('')}</svg><div class="key">${key.join('· ')}</div>`
}

export function columns(panel: Panel, answers: readonly Answer[]): string {
  const x = String(panel.options?.xField ?? '')
  const sorted = answers.map(answer => ({
    ...answer,
    legend: `{{${x}}}`,
    vectors: [...answer.vectors],
  }))
  return bars(panel, sorted)
}

/** Rows by their labels, columns by what was asked, as `merge` and `organize` make them. */
export function table(panel: Panel, answers: readonly Answer[]): string {
  const organize = panel.transformations?.find(({ id }) => id === 'organize')?.options as {
    excludeByName: Record<string, boolean>
    renameByName: Record<string, string>
  }
  const labels = Object.keys(organize.renameByName).filter(
    name => !name.startsWith('Value') && !organize.excludeByName[name],
  )
  const rows = new Map<string, { metric: Record<string, string>; cells: string[] }>()
  for (const [index, { refId, vectors }] of answers.entries()) {
    const title = organize.renameByName[answers.length > 1 ? `Value #${refId}` : 'Value'] ?? refId
    const field = fieldOf(panel, title)
    for (const vector of vectors) {
      const key = JSON.stringify(vector.metric)
      const row = rows.get(key) ?? { metric: vector.metric, cells: [] }
      const style = `style="color:${color(last(vector), field)}"`
      row.cells[index] = `<td ${style}>${safe(shown(last(vector), field))}</td>`
      rows.set(key, row)
    }
  }
  const titles = answers.map(
    ({ refId }) => organize.renameByName[answers.length > 1 ? `Value #${refId}` : 'Value'] ?? refId,
  )
  const head = [...labels.map(name => organize.renameByName[name] ?? name), ...titles]
  const body = [...rows.values()].map(
    ({ metric, cells }) =>
      `<tr>${labels.map(name => `<td>${safe(metric[name] ?? '')}</td>`).join('')}${answers.map((_, index) => cells[index] ?? '<td></td>').join('')}</tr>`,
  )
  return `<table><tr>${head.map(name => `<th>${safe(name)}</th>`).join('')}</tr>${body.join('')}</table>`
}

function fieldOf(panel: Panel, title: string): Field {
  const overrides = (panel.fieldConfig?.overrides ?? []) as Override[]
  const own = overrides.find(({ matcher }) => matcher.options === title)
  const field: Record<string, unknown> = {}
  for (const { id, value } of own?.properties ?? []) field[id] = value
  return field as Field
}

/** Hours down, weekdays across. */
export function matrix(panel: Panel, answers: readonly Answer[]): string {
  const field = panel.fieldConfig?.defaults ?? {}
  const at = (index: number) =>
    new Map((answers[index]?.vectors[0]?.values ?? []).map(([t, v]) => [t, Number(v)]))
  const [found, hours, days] = [at(0), at(1), at(2)]
  const cells = new Map<string, number>()
  for (const [t, value] of found) {
    const key = `${hours.get(t)} ${days.get(t)}`
    cells.set(key, Math.max(cells.get(key) ?? 0, value))
  }
  const week = [1, 2, 3, 4, 5, 6, 0]
  const head = ['Hour', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  const rows = Array.from({ length: 24 }, (_, hour) => {
    const line = week.map(day => {
      const value = cells.get(`${hour} ${day}`)
      if (value === undefined) return '<td></td>'
      return `<td style="background:${color(value, field)}">${safe(shown(value, field))}</td>`
    })
    return `<tr><td>${hour}</td>${line.join('')}</tr>`
  })
  return `<table><tr>${head.map(name => `<th>${name}</th>`).join('')}</tr>${rows.join('')}</table>`
}
