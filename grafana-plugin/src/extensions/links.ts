import {
  type PluginExtensionAddedLinkConfig,
  PluginExtensionPoints,
  type PluginExtensionPanelContext,
} from '@grafana/data'
import { locationService } from '@grafana/runtime'
import pluginJson from '../plugin.json'
import { paths } from '../shared/links.ts'
import { panelLink } from './panelLink.ts'

/** Texts stand in plugin.json once: Grafana compares both. */
const [panel, attention, renewals] = pluginJson.extensions.addedLinks

/** Links of the app outside of its pages. Grafana's command palette closes and does nothing on a `path`. */
export const links: PluginExtensionAddedLinkConfig[] = [
  {
    targets: [PluginExtensionPoints.DashboardPanelMenu],
    title: panel!.title,
    description: panel!.description,
    path: paths.overview,
    category: 'IOSetu License',
    configure: context =>
      panelLink(context as unknown as PluginExtensionPanelContext, window.location.search),
  } as PluginExtensionAddedLinkConfig,
  {
    targets: [PluginExtensionPoints.CommandPalette],
    title: attention!.title,
    description: attention!.description,
    onClick: () => locationService.push(paths.overview),
  },
  {
    targets: [PluginExtensionPoints.CommandPalette],
    title: renewals!.title,
    description: renewals!.description,
    onClick: () => locationService.push(paths.renewals),
  },
]
