import React, { useId, useState } from 'react'
import type { AppPluginMeta } from '@grafana/data'
import { getDataSourceSrv } from '@grafana/runtime'
import { Button, Field, Input, SecretInput, TextArea } from '@grafana/ui'
import {
  exportersOf,
  exportersText,
  parseExporters,
  type Settings,
  urlProblem,
} from '../shared/settings.ts'
import { Problem } from '../shared/states.tsx'
import { testExporters, type TestResult } from './exporterTest.ts'
import { save, savedSettings } from './save.ts'
import { SourceSelect } from './SourceSelect.tsx'

interface SettingsFormProps {
  meta: AppPluginMeta<Settings>
  onSaved: (meta: Partial<AppPluginMeta<Settings>>) => void
}

export function SettingsForm({ meta, onSaved }: SettingsFormProps) {
  const id = useId()
  const stored = meta.jsonData ?? {}
  const [draft, setDraft] = useState({ ...stored, list: exportersText(stored.exporters) })
  const [key, setKey] = useState('')
  const [keySet, setKeySet] = useState(Boolean(meta.secureJsonFields?.apiKey))
  const [failed, setFailed] = useState<string>()
  const [saved, setSaved] = useState(false)
  const [results, setResults] = useState<TestResult[]>()
  const [busy, setBusy] = useState(false)
  const parsed = parseExporters(draft.list)
  const badUrl = draft.exporterUrl ? urlProblem(draft.exporterUrl) : undefined
  const change = (part: Partial<typeof draft>) => {
    setDraft({ ...draft, ...part })
    setSaved(false)
    setResults(undefined)
  }
  const settings = (): Settings => ({
    ...(draft.prometheusUid && { prometheusUid: draft.prometheusUid }),
    ...(draft.lokiUid && { lokiUid: draft.lokiUid }),
    ...(draft.exporterUrl && { exporterUrl: draft.exporterUrl.replace(/\/+$/, '') }),
    ...(parsed.exporters.length > 0 && { exporters: parsed.exporters }),
  })
  /** The proxy of Grafana uses what is stored: it is saved first. */
  const store = async (test: boolean) => {
    setBusy(true)
    setFailed(undefined)
    setResults(undefined)
    try {
      await save(meta, settings(), key)
      const fresh = await savedSettings(meta.id)
      setKey('')
      setKeySet(Boolean(fresh.secureJsonFields?.apiKey))
      setSaved(true)
      onSaved({ jsonData: fresh.jsonData ?? settings(), secureJsonFields: fresh.secureJsonFields })
      if (test) setResults(await testExporters(exportersOf(settings())))
    } catch (error) {
      const status = (error as { status?: number }).status
      setFailed(
        status === 403
          ? 'Only administrators may save it (403).'
          : `It was not saved (${status ?? String(error)}).`
      )
    }
    setBusy(false)
  }
  const wrong = badUrl !== undefined || parsed.problem !== undefined
  return (
    <form
      aria-label="Configuration"
      onSubmit={event => {
        event.preventDefault()
        if (!wrong) void store(false)
      }}
      style={{ maxWidth: 640 }}
    >
      <SourceSelect
        label="Prometheus"
        description="The data source that scrapes the license exporter."
        type="prometheus"
        value={draft.prometheusUid}
        onChange={prometheusUid => change({ prometheusUid })}
        list={getDataSourceSrv().getList({})}
        none="the default one"
      />
      <SourceSelect
        label="Loki"
        description="Where the events arrive; without it Events shows what the exporters remember."
        type="loki"
        value={draft.lokiUid}
        onChange={lokiUid => change({ lokiUid })}
        list={getDataSourceSrv().getList({})}
        none="none"
      />
      <Field
        label="Exporter address"
        description="As the Grafana server reaches it. Live checkouts come from there, through Grafana."
        invalid={badUrl !== undefined}
        error={badUrl}
        htmlFor={`${id}-url`}
      >
        <Input
          id={`${id}-url`}
          value={draft.exporterUrl ?? ''}
          placeholder="http://license-exporter:8080"
          maxLength={500}
          onChange={event => change({ exporterUrl: event.currentTarget.value.trim() })}
        />
      </Field>
      <Field
        label="API key"
        description="With the scopes read and users. Stored encrypted, and never sent to a browser."
        htmlFor={`${id}-key`}
      >
        <SecretInput
          id={`${id}-key`}
          isConfigured={keySet}
          value={key}
          autoComplete="off"
          onChange={event => {
            setKey(event.currentTarget.value)
            setSaved(false)
          }}
          onReset={() => {
            setKey('')
            setKeySet(false)
          }}
        />
      </Field>
      <Field
        label="Several exporters"
        description="One a line, as name = path below the address; their lists are merged. Empty: the address itself."
        invalid={parsed.problem !== undefined}
        error={parsed.problem}
        htmlFor={`${id}-list`}
      >
        <TextArea
          id={`${id}-list`}
          rows={3}
          value={draft.list}
          placeholder={'london = london\nparis = paris'}
          onChange={event => change({ list: event.currentTarget.value })}
        />
      </Field>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginBottom: 16 }}>
        <Button type="submit" disabled={busy || wrong}>
          Save
        </Button>
        <Button
          variant="secondary"
          disabled={busy || wrong || !draft.exporterUrl}
          onClick={() => void store(true)}
        >
          Save & test exporters
        </Button>
        <span role="status">{busy ? 'Working …' : saved ? 'Saved.' : ''}</span>
      </div>
      {failed && (
        <Problem sentence={failed} wayOn="Ask an administrator of this Grafana, or try again." />
      )}
      {results?.map(result => (
        <Problem key={result.exporter} {...result} />
      ))}
    </form>
  )
}
