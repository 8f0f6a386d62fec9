import { RULES_FOLDER } from '../constants.ts'

/** One alert as it is generated from the rule files; the three nodes around `expr` are made at installation. */
export interface AppRule {
  uid: string
  title: string
  expr: string
  for: string
  keepFiringFor?: string
  execErrState: 'KeepLast' | 'Alerting'
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface AppGroup {
  name: string
  intervalSeconds: number
  /** Recorded series that it reads: they need the recording rules in Prometheus. */
  records: string[]
  rules: AppRule[]
}

export interface RuleBody {
  uid: string
  title: string
  condition: string
  data: Array<{
    refId: string
    datasourceUid: string
    model: Record<string, unknown>
    [key: string]: unknown
  }>
  for: string
  keep_firing_for?: string
  noDataState: string
  execErrState: string
  isPaused: boolean
  labels: Record<string, string>
  annotations: Record<string, string>
  [key: string]: unknown
}

export interface GroupBody {
  title: string
  folderUid: string
  interval: number
  rules: RuleBody[]
}

/** Query, math, threshold: what Grafana itself makes of a Prometheus rule. */
export function groupBody(group: AppGroup, datasourceUid: string): GroupBody {
  return {
    title: group.name,
    folderUid: RULES_FOLDER.uid,
    interval: group.intervalSeconds,
    rules: group.rules.map(rule => ({
      uid: rule.uid,
      orgID: 1,
      folderUID: RULES_FOLDER.uid,
      ruleGroup: group.name,
      title: rule.title,
      condition: 'threshold',
      data: [query(rule.expr, datasourceUid), math, threshold],
      for: rule.for,
      ...(rule.keepFiringFor && { keep_firing_for: rule.keepFiringFor }),
      // absent() tells nothing while all is well: anything but OK would fire then.
      noDataState: 'OK',
      execErrState: rule.execErrState,
      missingSeriesEvalsToResolve: 1,
      isPaused: false,
      labels: rule.labels,
      annotations: rule.annotations,
    })),
  }
}

const query = (expr: string, uid: string) => ({
  refId: 'query',
  datasourceUid: uid,
  queryType: 'prometheus',
  relativeTimeRange: { from: 600, to: 0 },
  model: {
    refId: 'query',
    datasource: { type: 'prometheus', uid },
    expr,
    instant: true,
    range: false,
    intervalMs: 1000,
    maxDataPoints: 43_200,
  },
})

const node = (refId: string, type: string, more: Record<string, unknown>) => ({
  refId,
  datasourceUid: '__expr__',
  queryType: type,
  relativeTimeRange: { from: 0, to: 0 },
  model: {
    refId,
    type,
    datasource: { type: '__expr__', uid: '__expr__' },
    intervalMs: 1000,
    maxDataPoints: 43_200,
    ...more,
  },
})

const math = node('prometheus_math', 'math', {
  expression: 'is_number($query) || is_nan($query) || is_inf($query)',
})
const threshold = node('threshold', 'threshold', {
  expression: 'prometheus_math',
  conditions: [{ evaluator: { type: 'gt', params: [0] } }],
})
