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

/** A feature's own values; they become changes when its next step begins. */
interface FeatureSeries {
  out: Series
  checkouts: Series
  checkins: Series
  seats: Series
  denials: Map<DenialReason, Series>
  /** The step that `now` is of; `settled` = its values are all in the changes. */
  step: number
  now: { out: number; checkouts: number; checkins: number; seats: number }
}

const settled = -1

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

  /** The step from which on a value is shown: the first at or after it. */
  let newest = 0
  let newestUntil = 0
  function stepOf(at: number): number {
    if (at > newestUntil || at <= newestUntil - step) {
      newest = Math.ceil(at / step)
      newestUntil = newest * step
    }
    return newest
  }

  /** No step of the month under way comes after it. */
  let lastStepAt = Number.POSITIVE_INFINITY
  function begin(next: number | undefined): void {
    month = next === undefined ? undefined : monthOf(stepOf(next) * step)
    lastStepAt = month ? (Math.ceil(month.to / step) - 1) * step : Number.POSITIVE_INFINITY
  }

  function settle(its: FeatureSeries): void {
    if (its.step === settled) return
    const { now } = its
    its.out.changes.set(its.step, now.out)
    its.checkouts.changes.set(its.step, now.checkouts)
    its.checkins.changes.set(its.step, now.checkins)
    its.seats.changes.set(its.step, now.seats)
    its.step = settled
  }

  /** A feature has many changes in one step, of which only the last is seen. */
  function at(feature: HistoryFeature, time: number): FeatureSeries {
    const its = ofFeature[feature.index] as FeatureSeries
    const now = stepOf(time)
    if (its.step !== now) {
      settle(its)
      its.step = now
    }
    return its
  }

  return {
    get month() {
      return month
    },
    isOver: time => time > lastStepAt,
    born(feature, time) {
      const now = stepOf(time)
      if (!month) begin(time)
      const labels = { server, manager, vendor: feature.vendor, feature: feature.name }
      const series = {
        out: seriesOf(family.out, labels),
        checkouts: seriesOf(family.checkouts, labels),
        checkins: seriesOf(family.checkins, labels),
        seats: seriesOf(family.seats, labels),
      }
      ofFeature[feature.index] = {
        ...series,
        denials: new Map(),
        step: settled,
        now: { out: 0, checkouts: 0, checkins: 0, seats: 0 },
      }
      for (const { changes } of Object.values(series)) changes.set(now - 1, 0)
      denialsOf(feature, 'no_seats').changes.set(now - 1, 0)
    },
    level(feature, time) {
      at(feature, time).now.out = feature.out
    },
    checkout(feature, time, seats) {
      const { now } = at(feature, time)
      now.checkouts++
      now.seats += seats
    },
    checkin(feature, time) {
      at(feature, time).now.checkins++
    },
    denial(feature, time, reason) {
      const { changes } = denialsOf(feature, reason)
      const now = stepOf(time)
      // A counter is shown as 0 in the step before its first count, so that its rise can be seen.
      if (changes.step === undefined) changes.set(now - 1, 0)
      changes.set(now, changes.value + 1)
    },
    write(covered, next, write) {
      const now = month
      if (!now) return false
      for (const its of ofFeature) settle(its)
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
      begin(next)
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
