import { SceneAppPage } from '@grafana/scenes'
import { eventsScene } from '../Events/eventsScene.ts'
import { overviewScene } from '../Overview/overviewScene.ts'
import { licenseScene } from '../OwnLicense/licenseScene.ts'
import { renewalsScene } from '../Renewals/renewalsScene.ts'
import { featureScene } from '../Servers/featureScene.ts'
import { serverScene } from '../Servers/serverScene.ts'
import { serversScene } from '../Servers/serversScene.ts'
import { setupScene } from '../Setup/setupScene.ts'
import { fromSegment, paths } from '../shared/links.ts'
import type { Settings } from '../shared/settings.ts'
import { frame, lokiFrame } from './frame.ts'

/** Every page of the app. Drill-downs have a time range and variables of their own. */
export function pages(uid: string, settings: Settings): SceneAppPage[] {
  return [
    new SceneAppPage({
      title: 'Overview',
      subTitle: 'What needs attention now, most urgent first',
      url: paths.overview,
      routePath: 'overview/*',
      getScene: overviewScene,
      ...frame(uid, 'now-6h'),
    }),
    serversPage(uid),
    new SceneAppPage({
      title: 'Renewals',
      subTitle: 'What expires, what covers it, and what is installed but not served',
      url: paths.renewals,
      routePath: 'renewals/*',
      getScene: renewalsScene,
      ...frame(uid, 'now-6h'),
    }),
    new SceneAppPage({
      title: 'IOSetu license',
      subTitle: 'State of your own license',
      url: paths.license,
      routePath: 'license/*',
      getScene: licenseScene,
      ...frame(uid, 'now-7d'),
    }),
    new SceneAppPage({
      title: 'Events',
      subTitle: 'What happened to license servers, features and your own license',
      url: paths.events,
      routePath: 'events/*',
      getScene: () => eventsScene(settings),
      ...lokiFrame(uid, 'now-24h'),
    }),
    new SceneAppPage({
      title: 'Setup',
      subTitle: 'What arrives, what is missing, and what to copy where',
      url: paths.setup,
      routePath: 'setup/*',
      getScene: setupScene,
      ...frame(uid, 'now-1h'),
    }),
  ]
}

function serversPage(uid: string): SceneAppPage {
  return new SceneAppPage({
    title: 'Servers',
    subTitle: 'Every license server that an exporter reads',
    url: paths.servers,
    routePath: 'servers/*',
    getScene: serversScene,
    ...frame(uid, 'now-6h'),
    drilldowns: [
      {
        routePath: 'server/:server/*',
        getPage(match, parent) {
          const server = fromSegment(match.params.server ?? '')
          return serverPage(uid, server, parent as SceneAppPage)
        },
      },
    ],
  })
}

function serverPage(uid: string, server: string, parent: SceneAppPage): SceneAppPage {
  const page: SceneAppPage = new SceneAppPage({
    title: server,
    subTitle: 'License server',
    url: paths.server(server),
    routePath: 'server/:server/*',
    getParentPage: () => parent,
    getScene: () => serverScene(server),
    ...frame(uid, 'now-24h'),
    drilldowns: [
      {
        routePath: 'feature/:vendor/:feature/*',
        getPage(match) {
          const name = {
            server,
            vendor: fromSegment(match.params.vendor ?? ''),
            feature: fromSegment(match.params.feature ?? ''),
          }
          return new SceneAppPage({
            title: name.feature,
            subTitle: `Feature of vendor daemon ${name.vendor} on license server ${server}`,
            url: paths.feature(name),
            routePath: 'feature/:vendor/:feature/*',
            getParentPage: () => page,
            getScene: () => featureScene(name),
            ...frame(uid, 'now-24h'),
          })
        },
      },
    ],
  })
  return page
}
