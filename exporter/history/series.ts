import { type LabelsOf, type MetricName, metricName, metrics } from '../catalogue.ts'
import type { DenialReason } from '../model.ts'
import { type Changes, createChanges } from './changes.ts'
import type { HistoryFeature, HistorySink } from './concurrency.ts'
import type { Stretch } from './coverage.ts'
import { type Month, monthOf } from './months.ts'
import { sampleLines, type Write } from './sample-lines.ts'

/** Series of the history, named and labelled as the live ones. */
const family = {
  out: metricName('license_feature_seats_checked_out'),
  denials: metricName('license_feature_denials_total'),
  checkouts: metricName('license_feature_checkouts_total'),
  checkins: metricName('license_feature_checkins_total'),
  seats: metricName('license_feature_checkout_seats_total'),
} as const

type HistoryMetric = (typeof family)[keyof typeof family]

export interface SeriesOptions {
  server: string
  manager: string
  /** job, instance and whatever else the live series carry. */
  extraLabels: Readonly<Record<string, string>>
  /** Seconds. */
  step: number
}

export interface HistorySeries extends HistorySink {
  /** The month that is under way. */
  readonly month: Month | undefined
  /** Whether a line of this time opens another month. */
  isOver(at: number): boolean
  /**
   * OpenMetrics text of the month under way, without its end; then the month of `next` is under way.
   * @returns whether there were samples
   */
  write(covered: readonly Stretch[], next: number | undefined, write: Write): boolean
}

/** The value of a step is that of the last change at or before it. */
interface Series {
  labels: string
  changes: Changes
}

interface FeatureSeries {
  out: Series
  checkouts: Series
  checkins: Series
  seats: Series
  denials: Map<DenialReason, Series>
}

export function createSeries({ server, manager, extraLabels, step }: SeriesOptions): HistorySeries {
  const all = new Map(Object.values(family).map(metric => [metric, new Map<string, Series>()]))
  let month: Month | undefined

  function seriesOf<M extends HistoryMetric>(metric: M, labels: LabelsOf<M>): Series {
    const key = Object.values(labels).join('\n')
    const its = all.get(metric) as Map<string, Series>
    let known = its.get(key)
    if (!known) {
      known = { labels: text({ ...labels, ...extraLabels }), changes: createChanges() }
      its.set(key, known)
    }
    return known
  }

  /** Found once for each feature: a log has millions of lines. */
  const ofFeature: FeatureSeries[] = []

  function denialsOf({ index, vendor, name }: HistoryFeature, reason: DenialReason): Series {
    const { denials } = ofFeature[index] as FeatureSeries
    let known = denials.get(reason)
    if (!known) {
      known = seriesOf(family.denials, { server, manager, vendor, feature: name, reason })
      denials.set(reason, known)
    }
    return known
  }

  /** Shown from the first step at or after it. */
  function set({ changes }: Series, at: number, value: number): void {
    changes.set(Math.ceil(at / step), value)
  }

  /** A counter is shown as 0 in the step before its first count, so that its rise can be seen. */
  function add(series: Series, at: number, count: number): void {
    if (series.changes.step === undefined) set(series, at - step, 0)
    set(series, at, series.changes.value + count)
  }

  return {
    get month() {
      return month
    },
    isOver: at => month !== undefined && Math.ceil(at / step) * step >= month.to,
    born(feature, at) {
      month ??= monthOf(Math.ceil(at / step) * step)
      const labels = { server, manager, vendor: feature.vendor, feature: feature.name }
      const series = {
        out: seriesOf(family.out, labels),
        checkouts: seriesOf(family.checkouts, labels),
        checkins: seriesOf(family.checkins, labels),
        seats: seriesOf(family.seats, labels),
      }
      ofFeature[feature.index] = { ...series, denials: new Map() }
      for (const one of Object.values(series)) set(one, at - step, 0)
      set(denialsOf(feature, 'no_seats'), at - step, 0)
    },
    level(feature, at) {
      set((ofFeature[feature.index] as FeatureSeries).out, at, feature.out)
    },
    checkout(feature, at, seats) {
      const { checkouts, seats: out } = ofFeature[feature.index] as FeatureSeries
      add(checkouts, at, 1)
      add(out, at, seats)
    },
    checkin(feature, at) {
      add((ofFeature[feature.index] as FeatureSeries).checkins, at, 1)
    },
    denial(feature, at, reason) {
      add(denialsOf(feature, reason), at, 1)
    },
    write(covered, next, write) {
      const now = month
      if (!now) return false
      const inside = covered.flatMap(({ from, to }) => {
        const first = Math.ceil(Math.max(from, now.from) / step)
        const last = Math.min(Math.floor(to / step), Math.ceil(now.to / step) - 1)
        return first <= last ? [{ first, last }] : []
      })
      const lines = sampleLines(write)
      for (const [metric, its] of all) {
        if (its.size === 0) continue
        lines.text(head(metric))
        for (const { labels, changes } of its.values()) {
          lines.series(`${metric}${labels}`, changes, inside, step)
          changes.restart(Math.ceil(now.to / step))
        }
      }
      lines.end()
      month = next === undefined ? undefined : monthOf(Math.ceil(next / step) * step)
      return lines.any
    },
  }
}

function head(metric: MetricName): string {
  const { kind, help } = metrics[metric]
  const family = kind === 'counter' ? metric.replace(/_total$/, '') : metric
  return `# TYPE ${family} ${kind}\n# HELP ${family} ${help.replace(/[\\\n"]/g, ' ')}\n`
}

function text(labels: Readonly<Record<string, string>>): string {
  const escaped = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
  )
  return `{${escaped.join(',')}}`
}
