// A stand-in for the front end of Grafana: its real packages, and the little that only its core has.
import 'uplot/dist/uPlot.min.css'
import * as data from '@grafana/data'
import { initPluginTranslations } from '@grafana/i18n'
import * as runtime from '@grafana/runtime'
import * as ui from '@grafana/ui'
import * as React from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'react-router-dom'
import { CompatRouter, Route, Routes, useLocation } from 'react-router-dom-v5-compat'
import { startPanels } from './panels.tsx'
import { startServices } from './services.ts'
import { loadPlugin } from './shared.ts'

const id = (window as any).__PLUGIN_ID__ as string

async function main() {
  startServices()
  startPanels()
  await initPluginTranslations('grafana', [])
  const meta = await runtime.getBackendSrv().get(`/api/plugins/${id}/settings`)
  // Up to here it is the host's time, from here on the app's.
  performance.mark('host is ready')
  const loaded = await loadPlugin(`/public/plugins/${id}/module.js`)
  const { plugin } = loaded.plugin ? loaded : loaded.default
  plugin.init(meta)
  plugin.meta = meta
  ;(window as any).__PLUGIN__ = plugin
  const Root = plugin.root
  const Config = plugin.configPages[0].body
  function AtPage() {
    const { pathname, search } = useLocation()
    const query = runtime.locationSearchToObject(search)
    return (
      <Root
        meta={plugin.meta}
        basename={`/a/${id}`}
        path={pathname}
        query={query}
        onNavChanged={() => {}}
      />
    )
  }
  const theme = runtime.config.theme2
  createRoot(document.getElementById('root')!).render(
    <data.ThemeContext.Provider value={theme}>
      <ui.GlobalStyles />
      <Router history={runtime.locationService.getHistory() as any}>
        <CompatRouter>
          <runtime.LocationServiceProvider service={runtime.locationService}>
            <data.PluginContextProvider meta={meta}>
              <ui.ErrorBoundaryAlert>
                <Routes>
                  <Route path={`/a/${id}/*`} element={<AtPage />} />
                  <Route
                    path={`/plugins/${id}`}
                    element={
                      <main style={{ padding: 16 }}>
                        <h1>{meta.name}</h1>
                        <Config plugin={plugin} query={{}} />
                      </main>
                    }
                  />
                </Routes>
              </ui.ErrorBoundaryAlert>
            </data.PluginContextProvider>
            <ui.PortalContainer />
          </runtime.LocationServiceProvider>
        </CompatRouter>
      </Router>
    </data.ThemeContext.Provider>
  )
}

// Links inside the app are followed without loading the page anew, as Grafana does.
document.addEventListener('click', event => {
  const link = (event.target as Element).closest?.('a[href]')
  const href = link?.getAttribute('href')
  if (!href?.startsWith('/a/') || event.ctrlKey || event.metaKey || event.button !== 0) return
  event.preventDefault()
  runtime.locationService.push(href)
})

main().catch(error => {
  console.error(error)
  ;(window as any).__FATAL__ = String(error?.stack ?? error)
})
