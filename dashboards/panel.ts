import type {
  FieldConfig,
  Link,
  Override,
  Panel,
  Threshold,
  Transformation,
  ValueMapping,
} from './schema.ts'

/** One question to a data source. */
export interface Query {
  expr: string
  legend?: string
  /** Only the end of the time range. */
  instant?: boolean
  format?: 'time_series' | 'table'
  /** Shortest step. */
  step?: string
}

export interface Draft {
  /** Alerts point at it: never given to another panel. */
  id: number
  title: string
  /** What it shows, and what to do with it. */
  description: string
  unit: string
  queries: readonly Query[]
  width: number
  height?: number
  thresholds?: Threshold[]
  mappings?: ValueMapping[]
  decimals?: number
  min?: number
  max?: number
  /** What stands there where nothing is known. */
  noValue?: string
  links?: readonly Link[]
  overrides?: readonly Override[]
  transformations?: readonly Transformation[]
  maxDataPoints?: number
  options?: Record<string, unknown>
  custom?: Record<string, unknown>
  color?: FieldConfig['color']
  source?: Source
}

export type Source = keyof typeof sources

export const sources = {
  prometheus: { type: 'prometheus', uid: '$' + '{prometheus_datasource}' },
  loki: { type: 'loki', uid: '$' + '{loki_datasource}' },
} as const

/** A panel that has no place yet. */
export type Placeable = Panel & { gridPos: { w: number; h: number; x: number; y: number } }

export function refId(index: number): string {
  return String.fromCharCode(65 + index)
}

export function panel(type: string, draft: Draft): Placeable {
  const datasource = sources[draft.source ?? 'prometheus']
  const { decimals, min, max, noValue, mappings, custom, unit, maxDataPoints } = draft
  return {
    id: draft.id,
    type,
    title: draft.title,
    description: draft.description,
    datasource,
    gridPos: { w: draft.width, h: draft.height ?? 8, x: 0, y: 0 },
    ...(maxDataPoints !== undefined && { maxDataPoints }),
    fieldConfig: {
      defaults: {
        unit,
        color: draft.color ?? { mode: 'thresholds' },
        thresholds: {
          mode: 'absolute',
          steps: draft.thresholds ?? [{ color: 'text', value: null }],
        },
        ...(mappings && { mappings }),
        ...(decimals !== undefined && { decimals }),
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(noValue !== undefined && { noValue }),
        ...(draft.links && { links: draft.links.map(link => ({ ...link })) }),
        ...(custom && { custom }),
      },
      overrides: (draft.overrides ?? []).map(({ matcher, properties }) => ({
        matcher,
        properties: [...properties],
      })),
    },
    options: draft.options ?? {},
    targets: draft.queries.map((query, index) => target(query, index, datasource)),
    ...(draft.transformations && { transformations: [...draft.transformations] }),
  }
}

function target(query: Query, index: number, datasource: (typeof sources)[Source]) {
  const { expr, legend, instant = false, format = 'time_series', step } = query
  const common = { refId: refId(index), datasource, expr, editorMode: 'code' }
  if (datasource.type === 'loki') {
    return {
      ...common,
      queryType: instant ? 'instant' : 'range',
      ...(legend && { legendFormat: legend }),
    }
  }
  return {
    ...common,
    instant,
    range: !instant,
    format,
    legendFormat: legend ?? '__auto',
    ...(step && { interval: step }),
  }
}
