export const PLUGIN_ID = 'iosetu-license-app'
export const BASE_URL = `/a/${PLUGIN_ID}`

/** The folder the rules are installed in; its title differs from every folder of dashboards. */
export const RULES_FOLDER = {
  uid: 'iosetu-license-app-alerts',
  title: 'License alerts (app)',
} as const

/** The oldest exporter interface that the pages understand: `api` of /api/v1/status. */
export const EXPORTER_API = 1
