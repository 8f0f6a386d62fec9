import type { Site } from './grafana.mts'

/** The page that boots the host, with what Grafana tells a browser about user and data sources. */
export function page(site: Site, pluginId: string, hostUrl: string): string {
  const datasources = Object.fromEntries(
    site.sources.map((source, index) => [
      source.name,
      {
        id: index + 1,
        isDefault: false,
        ...source,
        meta: {
          id: source.type,
          name: source.type,
          type: 'datasource',
          module: '',
          baseUrl: '',
          info: { logos: {} },
        },
        jsonData: {},
        access: 'proxy',
        readOnly: true,
      },
    ])
  )
  const light = site.theme === 'light'
  const boot = {
    settings: {
      appSubUrl: '',
      buildInfo: { version: site.version, commit: '', env: 'production', edition: 'Open Source' },
      featureToggles: {},
      datasources,
      panels: { timeseries: { id: 'timeseries', name: 'timeseries', info: { version: '' } } },
      apps: {},
    },
    user: {
      isSignedIn: true,
      orgRole: site.role,
      isGrafanaAdmin: false,
      login: 'someone',
      timezone: 'utc',
      weekStart: 'browser',
      lightTheme: light,
      theme: site.theme,
      permissions: {},
      regionalFormat: 'en-US',
      language: 'en-US',
    },
    navTree: [],
  }
  const data = JSON.stringify(boot).replace(/</g, '\\u003c')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Grafana</title><link rel="stylesheet" href="${hostUrl}/host.css"></head>
<body class="theme-${site.theme}" style="margin:0;background:${light ? '#f4f5f5' : '#111217'}"><div id="root"></div>
<script>window.grafanaBootData=${data};window.__PLUGIN_ID__=${JSON.stringify(pluginId)};window.process={env:{NODE_ENV:'production'}}</script>
<script type="module" src="${hostUrl}/host.js"></script></body></html>`
}
