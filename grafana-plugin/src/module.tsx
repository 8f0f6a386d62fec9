import React, { lazy, Suspense } from 'react'
import { AppPlugin, type AppRootProps } from '@grafana/data'
import { LoadingPlaceholder } from '@grafana/ui'
import type { ConfigProps } from './Config/AppConfig.tsx'
import { PLUGIN_ID } from './constants.ts'
import { links } from './extensions/links.ts'
import type { Settings } from './shared/settings.ts'

// Grafana loads this file on every page (preload): it registers, and loads the rest when it is seen.
const LazyApp = lazy(async () => {
  // Side by side: nothing is translated before it is drawn, and that waits for both.
  const [app] = await Promise.all([import('./App/App.tsx'), startTranslations()])
  return app
})

async function startTranslations(): Promise<void> {
  const { initPluginTranslations } = await import('@grafana/i18n')
  await initPluginTranslations(PLUGIN_ID, [])
}

const LazyConfig = lazy(() => import('./Config/AppConfig.tsx'))

const App = (props: AppRootProps<Settings>) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading IOSetu License …" />}>
    <LazyApp {...props} />
  </Suspense>
)

const Config = (props: ConfigProps) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the configuration …" />}>
    <LazyConfig {...props} />
  </Suspense>
)

export const plugin = new AppPlugin<Settings>().setRootPage(App).addConfigPage({
  id: 'configuration',
  title: 'Configuration',
  icon: 'cog',
  body: Config,
})
for (const link of links) plugin.addLink(link)
