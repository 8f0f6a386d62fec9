import { type Draft, type Placeable, panel, refId } from './panel.ts'
import type { Link, Override, Threshold, Transformation, ValueMapping } from './schema.ts'

export interface Column {
  title: string
  /** Instant expression with exactly the labels of `by`. */
  expr: string
  unit: string
  thresholds?: Threshold[]
  mappings?: ValueMapping[]
  decimals?: number
  /** A bar behind the number. */
  gauge?: { max: number }
}

export interface TableDraft extends Omit<Draft, 'queries' | 'unit' | 'overrides' | 'links'> {
  /** Labels that make a row, with their headings; the first column of each. */
  by: Readonly<Record<string, string>>
  columns: readonly Column[]
  /** Label whose cell leads somewhere. */
  leads?: Readonly<Record<string, Link>>
  /** Labels that are not shown. */
  hidden?: readonly string[]
  sort?: { by: string; descending?: boolean }
}

/** One row for each label set: the columns are joined on all their labels. */
export function table(draft: TableDraft): Placeable {
  const { by, columns, leads = {}, hidden = [], sort, ...rest } = draft
  const value = (index: number) => (columns.length > 1 ? `Value #${refId(index)}` : 'Value')
  const renameByName: Record<string, string> = { ...by }
  const indexByName: Record<string, number> = {}
  for (const [index, label] of Object.keys(by).entries()) indexByName[label] = index
  for (const [index, { title }] of columns.entries()) {
    renameByName[value(index)] = title
    indexByName[value(index)] = Object.keys(by).length + index
  }
  const excludeByName = Object.fromEntries(['Time', ...hidden].map(name => [name, true]))
  const transformations: Transformation[] = [
    ...(columns.length > 1 ? [{ id: 'merge', options: {} }] : []),
    { id: 'organize', options: { excludeByName, indexByName, renameByName } },
  ]
  const overrides = [
    ...columns.map(columnOverride),
    ...Object.entries(by)
      .filter(([label]) => !hidden.includes(label))
      .map(([label, title]) => ({
        matcher: { id: 'byName' as const, options: title },
        properties: [
          { id: 'custom.minWidth', value: draft.width > 12 ? 110 : 88 },
          ...(leads[label] ? [{ id: 'links', value: [leads[label]] }] : []),
        ],
      })),
  ]
  return panel('table', {
    ...rest,
    unit: 'string',
    queries: columns.map(({ expr }) => ({ expr, instant: true, format: 'table' })),
    overrides,
    transformations,
    // Grafana's least width of a column (150) hides the last ones of a narrow table, and so do filters.
    custom: {
      align: 'auto',
      cellOptions: { type: 'auto' },
      filterable: draft.width > 12,
      inspect: false,
      minWidth: draft.width > 12 ? 80 : 60,
    },
    options: {
      cellHeight: 'sm',
      footer: { countRows: false, fields: '', reducer: ['sum'], show: false },
      showHeader: true,
      ...(sort && { sortBy: [{ desc: sort.descending ?? false, displayName: sort.by }] }),
    },
  })
}

function columnOverride({ title, unit, thresholds, mappings, decimals, gauge }: Column): Override {
  const coloured = thresholds ?? mappings
  const cell = gauge ? { type: 'gauge', mode: 'basic' } : { type: 'color-text' }
  return {
    matcher: { id: 'byName', options: title },
    properties: [
      { id: 'unit', value: unit },
      ...(unit === 'dateTimeAsIso' ? [{ id: 'custom.width', value: 172 }] : []),
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(coloured ? [{ id: 'custom.cellOptions', value: cell }] : []),
      ...(thresholds ? [{ id: 'thresholds', value: { mode: 'absolute', steps: thresholds } }] : []),
      ...(mappings ? [{ id: 'mappings', value: mappings }] : []),
      ...(gauge
        ? [
            { id: 'min', value: 0 },
            { id: 'max', value: gauge.max },
          ]
        : []),
    ],
  }
}

const weekdays = {
  '1': 'Mon',
  '2': 'Tue',
  '3': 'Wed',
  '4': 'Thu',
  '5': 'Fri',
  '6': 'Sat',
  '0': 'Sun',
}

export interface WeekDraft extends Omit<Draft, 'queries' | 'transformations'> {
  /** What is told for the hour that ends at each step. */
  expr: string
  /** How the same hour of several weeks becomes one number. */
  fold: 'sum' | 'max' | 'mean'
}

/** Hours down, weekdays across. The clock is UTC, moved by the variable `utc_offset`. */
export function week(draft: WeekDraft): Placeable {
  const { expr, fold, thresholds = [], ...rest } = draft
  const local = 'vector(time() - 1800 + 3600 * $utc_offset)'
  const question = (text: string) => ({ expr: text, format: 'table' as const, step: '1h' })
  const [hour, day, found] = ['Value #B', 'Value #C', `Value #A (${fold})`]
  return panel('table', {
    ...rest,
    thresholds,
    // A longer step than an hour would leave hours out.
    maxDataPoints: 11_000,
    queries: [question(expr), question(`hour(${local})`), question(`day_of_week(${local})`)],
    custom: {
      align: 'center',
      cellOptions: { type: 'color-background', mode: 'basic' },
      inspect: false,
      minWidth: 40,
    },
    transformations: [
      { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
      {
        id: 'groupBy',
        options: {
          fields: {
            'Value #A': { aggregations: [fold], operation: 'aggregate' },
            [hour]: { aggregations: [], operation: 'groupby' },
            [day]: { aggregations: [], operation: 'groupby' },
          },
        },
      },
      {
        id: 'groupingToMatrix',
        options: { columnField: day, rowField: hour, valueField: found, emptyValue: 'empty' },
      },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries(
            [`${hour}\\${day}`, ...'1234560'].map((name, index) => [name, index]),
          ),
          renameByName: { [`${hour}\\${day}`]: 'Hour', ...weekdays },
        },
      },
    ],
    overrides: [
      {
        matcher: { id: 'byName', options: 'Hour' },
        properties: [
          { id: 'unit', value: 'none' },
          { id: 'custom.cellOptions', value: { type: 'auto' } },
          { id: 'custom.width', value: 76 },
        ],
      },
    ],
    options: {
      cellHeight: 'sm',
      footer: { countRows: false, fields: '', reducer: ['sum'], show: false },
      showHeader: true,
      sortBy: [{ desc: false, displayName: 'Hour' }],
    },
  })
}
