import React, { useLayoutEffect, useMemo } from 'react'
import type { AppRootProps } from '@grafana/data'
import { getDataSourceSrv, locationService } from '@grafana/runtime'
import { SceneApp, useSceneApp } from '@grafana/scenes'
import type { Settings } from '../shared/settings.ts'
import { Problem } from '../shared/states.tsx'
import { arrival } from './arrival.ts'
import { ClockNotice } from './ClockNotice.tsx'
import { chooseDataSource } from './dataSource.ts'
import { pages } from './pages.ts'
import { SettingsContext } from './SettingsContext.ts'

export default function App({ meta, path }: AppRootProps<Settings>) {
  const wanted = arrival(path, window.location.search)
  useLayoutEffect(() => {
    if (wanted !== undefined) locationService.replace(wanted)
  }, [wanted])
  const settings = useMemo(() => meta.jsonData ?? {}, [meta.jsonData])
  // Seen after the configuration page: Grafana keeps this component, the settings are new.
  const chosen = useMemo(
    () => chooseDataSource(settings.prometheusUid, getDataSourceSrv().getList({})),
    [settings.prometheusUid]
  )
  if (wanted !== undefined) return null
  if ('problem' in chosen) return <Problem {...chosen.problem} />
  return (
    <SettingsContext.Provider value={settings}>
      <div style={longNames}>
        <ClockNotice />
        <Scenes key={chosen.uid} uid={chosen.uid} settings={settings} />
      </div>
    </SettingsContext.Provider>
  )
}

/** A name may have 200 characters and no space: it is broken, wherever it stands. */
const longNames = { display: 'contents', overflowWrap: 'break-word' } as const

function Scenes({ uid, settings }: { uid: string; settings: Settings }) {
  const app = useSceneApp(
    () =>
      new SceneApp({
        name: 'iosetu-license',
        key: uid,
        pages: pages(uid, settings),
        urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
      })
  )
  return <app.Component model={app} />
}
