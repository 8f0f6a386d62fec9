import {
  DataSourceVariable,
  SceneControlsSpacer,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
} from '@grafana/scenes'

/** Time range, data source and refresh of one page; drill-downs do not inherit them. */
export function frame(uid: string, from: string) {
  return {
    $timeRange: new SceneTimeRange({ from, to: 'now' }),
    $variables: new SceneVariableSet({
      variables: [
        new DataSourceVariable({
          name: 'datasource',
          label: 'Data source',
          pluginId: 'prometheus',
          value: uid,
        }),
      ],
    }),
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ withText: true, intervals: ['30s', '1m', '5m'], isOnCanvas: true }),
    ],
  }
}

/** Events come from Loki or the exporter: there is no Prometheus to choose. */
export function lokiFrame(uid: string, from: string) {
  const { controls, ...rest } = frame(uid, from)
  return { ...rest, controls: controls.slice(1) }
}
