import {
  EmbeddedScene,
  PanelBuilders,
  SceneFlexItem,
  SceneFlexLayout,
  SceneQueryRunner,
  type SceneObject,
  type VizPanel,
} from '@grafana/scenes'
import { datasource } from './QueryView.tsx'

/** Views as tall as they are, panels of a fixed height, one below the other. */
export function column(...children: Array<SceneObject | VizPanel>): EmbeddedScene {
  return new EmbeddedScene({
    body: new SceneFlexLayout({
      direction: 'column',
      children: children.map(body =>
        isPanel(body)
          ? new SceneFlexItem({ body, height: 280, minHeight: 280 })
          : new SceneFlexItem({ body, ySizing: 'content' })
      ),
    }),
  })
}

const isPanel = (body: SceneObject) => 'pluginId' in body.state || 'graph' in body.state

export interface Line {
  expr: string
  legend: string
}

/** Lines over the time range of the page. */
export function lines(
  title: string,
  description: string,
  unit: string,
  all: readonly Line[]
): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(title)
    .setDescription(description)
    .setUnit(unit)
    .setMin(0)
    .setColor({ mode: 'palette-classic' })
    .setCustomFieldConfig('fillOpacity', 8)
    .setData(
      new SceneQueryRunner({
        datasource,
        maxDataPoints: 300,
        queries: all.map(({ expr, legend }, index) => ({
          refId: String.fromCharCode(65 + index),
          expr,
          legendFormat: legend,
          range: true,
        })),
      })
    )
    .build()
}
