import { type AppConfigPage, type AppPage, test as base } from '@grafana/plugin-e2e'
import pluginJson from '../src/plugin.json'

interface Fixtures {
  configPage: AppConfigPage
  goto: (path: string) => Promise<AppPage>
  /** Errors and warnings of the console that are the app's own. */
  noise: string[]
}

/** Grafana's own: unsigned plugins, dashboards without a public one, a catalogue out of reach. */
const ofGrafana = [
  /unsigned/i,
  /public-dashboards/,
  /api\/gnet/,
  /not correct url correcting/,
  /Failed to load resource/,
]

export const test = base.extend<Fixtures>({
  configPage: async ({ gotoAppConfigPage }, use) => {
    await use(await gotoAppConfigPage({ pluginId: pluginJson.id }))
  },
  goto: async ({ gotoAppPage }, use) => {
    await use(path => gotoAppPage({ path, pluginId: pluginJson.id }))
  },
  noise: async ({ page }, use) => {
    const heard: string[] = []
    page.on('console', message => {
      const text = message.text()
      if (['error', 'warning'].includes(message.type()) && !ofGrafana.some(one => one.test(text)))
        heard.push(text)
    })
    page.on('pageerror', error => heard.push(error.message))
    await use(heard)
  },
})

export { expect } from '@grafana/plugin-e2e'
export const { id } = pluginJson
