import { type Draft, type Placeable, panel } from './panel.ts'

/** The kinds of panel that the dashboards use, with the looks they share. */

const tooltip = { mode: 'multi', sort: 'desc' }
const legend = {
  displayMode: 'table',
  placement: 'bottom',
  showLegend: true,
  calcs: ['lastNotNull', 'max'],
}

/** One number, or a word in its place. */
export function stat(draft: Draft & { text?: 'value' | 'name' | 'value_and_name' }): Placeable {
  const { text = 'auto', ...rest } = draft
  return panel('stat', {
    height: 4,
    ...rest,
    queries: draft.queries.map(query => ({ instant: true, ...query })),
    options: {
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      percentChangeColorMode: 'standard',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showPercentChange: false,
      textMode: text,
      wideLayout: true,
      ...draft.options,
    },
  })
}

export interface SeriesDraft extends Draft {
  bars?: boolean
  stacked?: boolean
  stepped?: boolean
  thresholdLines?: boolean
  /** Values below 0 are shown. */
  signed?: boolean
}

export function timeseries(draft: SeriesDraft): Placeable {
  const { bars, stacked, stepped, thresholdLines, signed, ...rest } = draft
  return panel('timeseries', {
    color: { mode: 'palette-classic' },
    ...(!signed && { min: 0 }),
    ...rest,
    custom: {
      drawStyle: bars ? 'bars' : 'line',
      fillOpacity: bars ? 70 : stacked ? 30 : 8,
      lineInterpolation: stepped ? 'stepAfter' : 'linear',
      lineWidth: 1,
      showPoints: 'never',
      spanNulls: false,
      stacking: { group: 'A', mode: stacked ? 'normal' : 'none' },
      thresholdsStyle: { mode: thresholdLines ? 'line' : 'off' },
      ...draft.custom,
    },
    options: { legend, tooltip, ...draft.options },
  })
}

/** What was when: states as bars of colour with their words. */
export function timeline(draft: Draft): Placeable {
  return panel('state-timeline', {
    // With colours by thresholds Grafana writes their ranges ("-∞+") in place of the words.
    color: { mode: 'fixed', fixedColor: 'blue' },
    ...draft,
    custom: { fillOpacity: 75, lineWidth: 0 },
    options: {
      alignValue: 'left',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false },
      mergeValues: true,
      rowHeight: 0.85,
      showValue: 'auto',
      tooltip: { mode: 'single', sort: 'none' },
    },
  })
}

/** Lines of Loki, newest first; one opens to its attributes. */
export function logs(draft: Draft): Placeable {
  return panel('logs', {
    ...draft,
    options: {
      dedupStrategy: 'none',
      enableLogDetails: true,
      prettifyLogMessage: false,
      showCommonLabels: false,
      showLabels: false,
      showTime: true,
      sortOrder: 'Descending',
      wrapLogMessage: true,
    },
  })
}

/** Ranking: instead of a `gauge`, which shows one number in much space. */
export function bars(draft: Draft): Placeable {
  return panel('bargauge', {
    ...draft,
    queries: draft.queries.map(query => ({ instant: true, ...query })),
    options: {
      displayMode: 'basic',
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false },
      maxVizHeight: 32,
      minVizHeight: 14,
      minVizWidth: 8,
      namePlacement: 'auto',
      orientation: 'horizontal',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showUnfilled: true,
      sizing: 'auto',
      valueMode: 'color',
      ...draft.options,
    },
  })
}

/** Columns over a name or a month. */
export function columns(draft: Draft & { x: string }): Placeable {
  const { x, ...rest } = draft
  return panel('barchart', {
    color: { mode: 'palette-classic' },
    min: 0,
    ...rest,
    queries: draft.queries.map(query => ({ instant: true, format: 'table' as const, ...query })),
    custom: { axisPlacement: 'auto', fillOpacity: 80, gradientMode: 'none', lineWidth: 1 },
    options: {
      barWidth: 0.9,
      fullHighlight: false,
      groupWidth: 0.8,
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true },
      orientation: 'auto',
      showValue: 'auto',
      stacking: 'none',
      tooltip: { mode: 'single', sort: 'none' },
      xField: x,
      xTickLabelMaxLength: 24,
      xTickLabelRotation: -30,
      ...draft.options,
    },
  })
}

/** Alerts that fire, Grafana's own and those of the data source. */
export function alerts(draft: Omit<Draft, 'queries' | 'unit'>): Placeable {
  const { targets, ...rest } = panel('alertlist', {
    ...draft,
    unit: 'none',
    queries: [],
    options: {
      alertInstanceLabelFilter: '{severity=~"critical|warning"}',
      alertName: '',
      dashboardAlerts: false,
      groupBy: [],
      groupMode: 'default',
      maxItems: 30,
      showInactiveAlerts: false,
      sortOrder: 3,
      stateFilter: {
        error: true,
        firing: true,
        noData: false,
        normal: false,
        pending: true,
        recovering: true,
      },
      viewMode: 'list',
    },
  })
  return rest
}
