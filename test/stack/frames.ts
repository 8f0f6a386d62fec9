import { dashboards } from '../../dashboards/index.ts'
import type { Panel } from '../../dashboards/schema.ts'
import { bars, columns, matrix, states, stats, table, trend } from './draw.ts'
import { type Asked, asked, interpolate, panelsOf, type Times } from './expressions.ts'
import type { Prometheus, Vector } from './prometheus.ts'

export interface Answer {
  refId: string
  legend: string | undefined
  vectors: Vector[]
}

const values = {
  job: 'iosetu-license-exporter',
  instance: '.+',
  server: '.+',
  vendor: '.+',
  feature: '.+',
  utc_offset: '0',
  headroom: '10',
}

/** A dashboard with the answers of Prometheus: what the panels get, drawn without Grafana. */
export async function drawn(
  name: string,
  prometheus: Prometheus,
  times: Times,
): Promise<{ html: string; silent: string[] }> {
  const silent: string[] = []
  const questions = asked([name])
  let html = ''
  for (const panel of panelsOf(name)) {
    const own = questions.filter(question => question.panel.id === panel.id)
    const answers = await Promise.all(own.map(question => ask(question, prometheus, times)))
    if (own.length > 0 && answers.every(({ vectors }) => vectors.length === 0)) {
      silent.push(`${name}/${panel.id} ${panel.title}`)
    }
    html += box(panel, answers)
  }
  for (const row of dashboards[name]?.panels ?? []) {
    if (row.type === 'row')
      html += `<h2 style="${place(row.gridPos)}">${safe(row.title ?? '')}</h2>`
  }
  return { html: page(dashboards[name]?.title ?? name, html), silent }
}

async function ask(question: Asked, prometheus: Prometheus, times: Times): Promise<Answer> {
  const expr = interpolate(question.expr, values, times)
  const vectors = question.range
    ? await prometheus.queryRange(expr, 120, 2)
    : await prometheus.query(expr)
  return { refId: question.where.at(-1) ?? 'A', legend: question.legend, vectors }
}

export function label({ metric }: Vector, legend: string | undefined): string {
  if (!legend || legend === '__auto') return Object.values(metric).join(' ') || 'value'
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => metric[name] ?? '')
}

const kinds: Readonly<Record<string, (panel: Panel, answers: readonly Answer[]) => string>> = {
  stat: stats,
  bargauge: bars,
  'state-timeline': states,
  timeseries: trend,
  barchart: columns,
  trend,
  table: (panel, answers) =>
    panel.transformations?.some(({ id }) => id === 'groupingToMatrix')
      ? matrix(panel, answers)
      : table(panel, answers),
}

function box(panel: Panel, answers: readonly Answer[]): string {
  const empty = answers.every(({ vectors }) => vectors.length === 0)
  const nothing =
    panel.fieldConfig?.defaults.noValue ??
    (panel.type === 'alertlist' ? 'Alerts stand here' : 'No data')
  const inside = empty
    ? `<p class="none">${safe(nothing)}</p>`
    : kinds[panel.type]?.(panel, answers)
  return `<div class="panel" style="${place(panel.gridPos)}"><h3>${safe(panel.title ?? '')}</h3><div class="in">${inside ?? ''}</div></div>`
}

function place(at: Panel['gridPos']): string {
  const { x = 0, y = 0, w = 24, h = 1 } = at ?? {}
  return `left:${(x / 24) * 100}%;top:${y * 38 + 40}px;width:calc(${(w / 24) * 100}% - 6px);height:${h * 38 - 6}px`
}

export function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function page(title: string, inside: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
body{margin:8px 12px;background:#111217;color:#ccccdc;font:12px sans-serif;position:relative}
h1{font-size:16px;margin:6px 0;height:24px}h2{position:absolute;font-size:13px;margin:8px 0}
h3{font-size:12px;margin:6px 8px 2px;font-weight:600;white-space:nowrap;overflow:hidden}
.panel{position:absolute;background:#181b1f;border:1px solid #2c2f36;border-radius:3px;overflow:hidden;display:flex;flex-direction:column}
.in{flex:1;min-height:0;padding:2px 8px;overflow:hidden}.none{color:#8e8e99;text-align:center;margin-top:14%}
table{border-collapse:collapse;width:100%;font-size:11px}th{text-align:left;color:#8ab8ff}td,th{padding:2px 6px;border-bottom:1px solid #24272d;white-space:nowrap}
.big{font-size:26px;font-weight:600;text-align:center}.some{display:flex;gap:14px;flex-wrap:wrap;justify-content:center;align-items:center;height:90%}
.some small{display:block;font-size:11px;color:#8e8e99;font-weight:400}.key{font-size:10px;color:#9fa7b3;line-height:14px;overflow:hidden;max-height:42px}
.bar{display:flex;gap:6px;margin:2px 0}.bar i{flex:1;background:#22252b;position:relative;height:14px}.bar i b{position:absolute;left:0;top:0;bottom:0}
.bar span{width:38%;overflow:hidden;white-space:nowrap}.bar em{width:64px;font-style:normal;text-align:right}
</style><h1>${safe(title)}</h1>${inside}`
}
