import { type SeriesDraft, timeseries } from './panels.ts'
import { type Counter, type Gauge, grown, type LabelOf, now } from './query.ts'

/** How one metric went, a line or a row of bars for each value of its labels. */

export type Look = Omit<SeriesDraft, 'queries' | 'width'> & { width?: number }

const legendOf = (by: readonly string[]) => by.map(label => `{{${label}}}`).join(' ')

/** A gauge as it stood. */
export const course = <M extends Gauge>(metric: M, by: readonly LabelOf<M>[], look: Look) =>
  timeseries({ width: 8, ...look, queries: [{ expr: now(metric, { by }), legend: legendOf(by) }] })

/** Seconds since the time that a gauge tells. */
export const age = <M extends Gauge>(metric: M, by: readonly LabelOf<M>[], look: Look) =>
  timeseries({
    width: 8,
    ...look,
    queries: [{ expr: `time() - ${now(metric, { by })}`, legend: legendOf(by) }],
  })

/** How much a counter grew in each step. */
export const growth = <M extends Counter>(
  metric: M,
  by: readonly LabelOf<M>[],
  look: Look,
  step = '5m',
) =>
  timeseries({
    width: 8,
    bars: true,
    decimals: 0,
    ...look,
    queries: [{ expr: grown(metric, '$__interval', { by }), legend: legendOf(by), step }],
  })
