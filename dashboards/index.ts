import { capacity } from './capacity.ts'
import { events } from './events.ts'
import { exporter } from './exporter.ts'
import { feature } from './feature.ts'
import { overview } from './overview.ts'
import { own } from './own.ts'
import { renewals } from './renewals.ts'
import type { Dashboard } from './schema.ts'
import { server } from './server.ts'

/** Every dashboard by the name of its file in dashboards/json. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  overview,
  server,
  feature,
  renewals,
  capacity,
  own,
  exporter,
  events,
}

/** What is committed: two spaces, a line break at the end. */
export function asFile(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, undefined, 2)}\n`
}
