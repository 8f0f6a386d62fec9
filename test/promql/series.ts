import { metrics } from '../../exporter/catalogue.ts'

/** What an expression may select: the catalogue, what Prometheus adds itself, and recorded series. */
export interface Series {
  kind: 'gauge' | 'counter'
  labels: readonly string[]
  /** Seconds between two values of a recorded series. */
  every?: number
}

/** Labels that Prometheus puts on every series it scrapes. */
export const target = ['job', 'instance'] as const

const ofPrometheus: Readonly<Record<string, Series>> = {
  up: { kind: 'gauge', labels: target },
  scrape_duration_seconds: { kind: 'gauge', labels: target },
  scrape_samples_scraped: { kind: 'gauge', labels: target },
  scrape_samples_post_metric_relabeling: { kind: 'gauge', labels: target },
}

export type KnownSeries = ReadonlyMap<string, Series>

export const scraped: KnownSeries = new Map([
  ...Object.entries(ofPrometheus),
  ...Object.entries(metrics).map(([name, { kind, labels }]): [string, Series] => [
    name,
    { kind, labels: [...target, ...labels] },
  ]),
])
