import React, { useState } from 'react'
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data'
import { getDataSourceSrv } from '@grafana/runtime'
import { TextLink } from '@grafana/ui'
import { chooseDataSource } from '../App/dataSource.ts'
import { paths } from '../shared/links.ts'
import type { Settings } from '../shared/settings.ts'
import { Problem } from '../shared/states.tsx'
import { DashboardState } from './DashboardState.tsx'
import { RuleInstaller } from './RuleInstaller.tsx'
import { SettingsForm } from './SettingsForm.tsx'
import { useRecorded } from './useRecorded.ts'

export type ConfigProps = PluginConfigPageProps<AppPluginMeta<Settings>>

export default function AppConfig({ plugin }: ConfigProps) {
  const [meta, setMeta] = useState(plugin.meta)
  const chosen = chooseDataSource(meta.jsonData?.prometheusUid, getDataSourceSrv().getList({}))
  const uid = 'uid' in chosen ? chosen.uid : undefined
  const recorded = useRecorded(uid)
  if (meta.enabled === false) {
    return (
      <Problem
        severity="info"
        sentence="The app is not enabled."
        wayOn="Enable it with the button at the top of this page; its dashboards are imported then."
      />
    )
  }
  return (
    <div>
      <SettingsForm
        meta={meta}
        onSaved={saved => {
          // The pages read it from here without a reload.
          Object.assign(plugin.meta, saved)
          setMeta({ ...plugin.meta })
        }}
      />
      {uid ? (
        <RuleInstaller key={uid} datasourceUid={uid} recorded={recorded} />
      ) : (
        'problem' in chosen && (
          <Problem
            sentence={chosen.problem.sentence}
            wayOn="Choose a Prometheus data source above: rules are installed for it."
          />
        )
      )}
      <DashboardState />
      <p>
        <TextLink href={paths.setup}>
          Setup shows what arrives, and what to copy into Prometheus
        </TextLink>
      </p>
    </div>
  )
}
