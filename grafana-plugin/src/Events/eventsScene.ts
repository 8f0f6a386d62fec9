import { SceneQueryRunner } from '@grafana/scenes'
import { column } from '../shared/layout.ts'
import type { Settings } from '../shared/settings.ts'
import { ExporterEventsObject, LokiEventsObject } from './EventObjects.tsx'

/** Every event of the exporters; their names all begin with one of these words. */
const query =
  '{service_name=~"iosetu-license-exporter.*"} | event_name=~"(license|license_server|license_feature|license_pool|exporter|api)[.].+"'

/** From Loki where one is set, else what the exporters still have in memory. */
export function eventsScene(settings: Settings) {
  if (!settings.lokiUid) return column(new ExporterEventsObject({}))
  return column(
    new LokiEventsObject({
      $data: new SceneQueryRunner({
        datasource: { type: 'loki', uid: settings.lokiUid },
        queries: [{ refId: 'events', expr: query, queryType: 'range', maxLines: 2000 }],
      }),
    })
  )
}
