// Grafana's own panels are not on npm: lines are drawn by the same component of @grafana/ui.
import * as data from '@grafana/data'
import * as runtime from '@grafana/runtime'
import * as ui from '@grafana/ui'
import * as React from 'react'

function Lines({ data: { series, structureRev }, timeRange, timeZone, width, height }: any) {
  const frames = series.filter((frame: any) => frame.length > 1)
  if (frames.length === 0) return <div>No data</div>
  const legend: any = { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] }
  return (
    <ui.TimeSeries
      frames={frames}
      structureRev={structureRev ?? 1}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={legend}
    />
  )
}

export function startPanels(): void {
  const more = data as any
  const unique = new Map(Object.values<any>(more.standardTransformers).map(one => [one.id, one]))
  // From 13 on the registry holds loaders, before it functions.
  const lazy = Number.parseInt(runtime.config.buildInfo.version, 10) >= 13
  more.standardTransformersRegistry.setInit(() =>
    [...unique.values()].map(one => ({
      id: one.id,
      name: one.name,
      transformation: lazy ? async () => one : one,
      editor: () => null,
    }))
  )
  const options = [
    'unit',
    'min',
    'max',
    'decimals',
    'displayName',
    'color',
    'thresholds',
    'mappings',
    'noValue',
    'links',
    'actions',
    'filterable',
  ]
  more.standardFieldConfigEditorRegistry.setInit(() =>
    options.map(id => ({
      id,
      path: id,
      name: id,
      editor: () => null,
      override: () => null,
      process: more.identityOverrideProcessor,
      shouldApply: () => true,
      settings: {},
    }))
  )
  const panel: any = new data.PanelPlugin(Lines)
  panel.useFieldConfig({})
  panel.meta = {
    id: 'timeseries',
    name: 'timeseries',
    type: 'panel',
    sort: 1,
    module: '',
    baseUrl: '',
    info: { version: '', logos: {}, links: [], screenshots: [] },
  }
  ;(runtime as any).setPluginImportUtils({
    importPanelPlugin: async () => panel,
    getPanelPluginFromCache: () => panel,
  })
}
