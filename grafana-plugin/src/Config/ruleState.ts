import type { Installed } from './ruleApi.ts'
import { type AppGroup, groupBody, type RuleBody } from './ruleBody.ts'

export type GroupState = 'installed' | 'differs' | 'missing'

export interface Compared {
  state: GroupState
  /** What differs, in words. */
  differences: string[]
}

/** What Grafana has against what the app would install; what Grafana adds by itself is no difference. */
export function compare(
  { groups, folder, moved }: Installed,
  group: AppGroup,
  datasourceUid: string
): Compared {
  const found = groups.get(group.name)
  const away = (rule: { uid: string; title: string }) => {
    const there = moved.get(rule.uid)
    return there !== undefined && there !== group.name
      ? [`${rule.title} was moved to the group “${there}”`]
      : []
  }
  if (!found || found.rules.length === 0)
    return { state: 'missing', differences: group.rules.flatMap(away) }
  const wanted = groupBody(group, datasourceUid)
  const differences: string[] = []
  if (!folder) differences.push('its folder was deleted: Grafana does not evaluate it')
  if (found.interval !== wanted.interval) {
    differences.push(`it is evaluated every ${found.interval} s, not every ${wanted.interval} s`)
  }
  const byUid = new Map(found.rules.map(rule => [rule.uid, rule]))
  for (const rule of wanted.rules) {
    const there = byUid.get(rule.uid)
    byUid.delete(rule.uid)
    if (!there) differences.push(...(away(rule)[0] ? away(rule) : [`${rule.title} is not there`]))
    else differences.push(...ruleDifferences(there, rule).map(what => `${rule.title}: ${what}`))
  }
  for (const rule of byUid.values()) differences.push(`${rule.title} is not one of the app`)
  return { state: differences.length === 0 ? 'installed' : 'differs', differences }
}

function ruleDifferences(there: RuleBody, wanted: RuleBody): string[] {
  const found: string[] = []
  const add = (same: boolean, what: string) => {
    if (!same) found.push(what)
  }
  const expr = (rule: RuleBody) => rule.data.find(one => one.refId === 'query')
  add(expr(there)?.model.expr === expr(wanted)?.model.expr, 'the expression')
  add(expr(there)?.datasourceUid === expr(wanted)?.datasourceUid, 'the data source')
  add(there.title === wanted.title, 'the title')
  add(there.condition === wanted.condition, 'the condition')
  add(nodes(there) === nodes(wanted), 'the steps after the query')
  add(seconds(there.for) === seconds(wanted.for), 'how long it waits')
  add(
    seconds(there.keep_firing_for) === seconds(wanted.keep_firing_for),
    'how long it keeps firing'
  )
  add(there.noDataState === wanted.noDataState, 'the state without data')
  add(there.execErrState === wanted.execErrState, 'the state on errors')
  add(there.isPaused !== true, 'it is paused')
  add(flat(there.labels) === flat(wanted.labels), 'the labels')
  add(flat(there.annotations) === flat(wanted.annotations), 'the annotations')
  return found
}

/** The math and threshold nodes, without what Grafana adds. */
function nodes(rule: RuleBody): string {
  const kept = rule.data
    .filter(one => one.refId !== 'query')
    .map(({ refId, model }) => [refId, model.type, model.expression, model.conditions])
  return JSON.stringify(kept, sorted)
}

/** Grafana gives keys back in the order of the alphabet, at every depth. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const flat = (labels: Readonly<Record<string, string>> | null | undefined): string =>
  JSON.stringify(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))

/** `5m`, `5m0s` and `300s` are one duration. */
export function seconds(text: string | undefined): number {
  const unit: Readonly<Record<string, number>> = {
    ms: 0.001,
    s: 1,
    m: 60,
    h: 3600,
    d: 86_400,
    w: 604_800,
  }
  let total = 0
  for (const [, n, name] of (text ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    total += Number(n) * unit[name!]!
  return total
}
