import { type MetricName, metrics } from '../exporter/catalogue.ts'

/**
 * Expressions over series of the catalogue. A wrong metric, a label that the metric does not have, or
 * the rate of a gauge does not compile.
 */

type Kind<M extends MetricName> = (typeof metrics)[M]['kind']
export type Counter = { [M in MetricName]: Kind<M> extends 'counter' ? M : never }[MetricName]
export type Gauge = Exclude<MetricName, Counter>
/** Labels of a metric, and the two that a scrape adds. */
export type LabelOf<M extends MetricName> =
  | (typeof metrics)[M]['labels'][number]
  | 'job'
  | 'instance'
/** `'1'` is equal to it; `!= "x"` and the like are written out. */
export type Where<M extends MetricName> = Partial<Record<LabelOf<M>, string>>

/** Variables of the dashboards that narrow a series which has that label. */
export const narrowing = ['server', 'vendor', 'feature'] as const

/** Series that Prometheus itself makes for each scrape. */
export type ScrapeSeries =
  | 'up'
  | 'scrape_duration_seconds'
  | 'scrape_samples_post_metric_relabeling'

const scraped = 'job=~"$job", instance=~"$instance"'

/** One metric, narrowed by every variable whose label it has. */
export function select<M extends MetricName>(metric: M, where: Where<M> = {}): string {
  const has: readonly string[] = metrics[metric].labels
  const matchers = [scraped]
  for (const label of narrowing) if (has.includes(label)) matchers.push(`${label}=~"$${label}"`)
  for (const [label, value] of Object.entries(where) as [string, string][]) {
    matchers.push(/^(!=|=~|!~)/.test(value) ? `${label}${value}` : `${label}="${value}"`)
  }
  return `${metric}{${matchers.join(', ')}}`
}

export function scrapeSeries(metric: ScrapeSeries): string {
  return `${metric}{${scraped}}`
}

type Aggregation = 'max' | 'min'
type OverTime =
  | 'max_over_time'
  | 'min_over_time'
  | 'avg_over_time'
  | 'last_over_time'
  | 'stddev_over_time'

interface Shape<M extends MetricName> {
  where?: Where<M>
  /** Labels that stay; all of the metric's own by default, so that one of several exporters counts. */
  by?: readonly LabelOf<M>[]
}

function aggregate<M extends MetricName>(
  aggregation: Aggregation,
  metric: M,
  inner: string,
  by: readonly LabelOf<M>[] = metrics[metric].labels,
): string {
  return `${aggregation} ${by.length > 0 ? `by (${by.join(', ')}) ` : ''}(${inner})`
}

/** The value now: several exporters of one license server, or two scrape jobs, count once. */
export function now<M extends Gauge>(metric: M, { where, by }: Shape<M> = {}): string {
  return aggregate('max', metric, select(metric, where), by)
}

export function least<M extends Gauge>(metric: M, { where, by }: Shape<M> = {}): string {
  return aggregate('min', metric, select(metric, where), by)
}

/** A gauge over a range: `over('max_over_time', 'license_feature_seats_used', '$__range')`. */
export function over<M extends Gauge>(
  how: OverTime,
  metric: M,
  range: string,
  { where, by }: Shape<M> = {},
): string {
  return aggregate('max', metric, `${how}(${select(metric, where)}[${range}])`, by)
}

export function quantile<M extends Gauge>(
  q: number | string,
  metric: M,
  range: string,
  { where, by }: Shape<M> = {},
): string {
  const inner = `quantile_over_time(${q}, ${select(metric, where)}[${range}])`
  return aggregate('max', metric, inner, by)
}

/** How much a counter grew; of several exporters that count the same the largest. */
export function grown<M extends Counter>(
  metric: M,
  range: string,
  { where, by }: Shape<M> = {},
): string {
  return aggregate('max', metric, `increase(${select(metric, where)}[${range}])`, by)
}

/** Growth in a second, for what belongs to one process. */
export function rate<M extends Counter>(metric: M, { where, by }: Shape<M> = {}): string {
  return aggregate('max', metric, `rate(${select(metric, where)}[$__rate_interval])`, by)
}

export function sum(by: readonly string[], expression: string): string {
  return `sum ${by.length > 0 ? `by (${by.join(', ')}) ` : ''}(${expression})`
}

/** How many series an expression has; 0 where it has none. */
export function count(expression: string): string {
  return `count(${expression}) or vector(0)`
}

export function top(n: number, expression: string): string {
  return `topk(${n}, ${expression})`
}

/** The lowest first: what is down, before what is up. */
export function bottom(n: number, expression: string): string {
  return `bottomk(${n}, ${expression})`
}

/** `label_values` of a metric, as Grafana's variables ask. */
export function labelValues<M extends MetricName>(metric: M, label: LabelOf<M>): string {
  const has: readonly string[] = metrics[metric].labels
  const order = ['job', 'instance', ...narrowing] as const
  const before = order.slice(0, order.indexOf(label as (typeof order)[number]))
  const matchers = before
    .filter(name => name === 'job' || name === 'instance' || has.includes(name))
    .map(name => `${name}=~"$${name}"`)
  return `label_values(${metric}${matchers.length > 0 ? `{${matchers.join(', ')}}` : ''}, ${label})`
}
