import React, { useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, ClipboardButton, useStyles2 } from '@grafana/ui'
import { PLUGIN_ID } from '../constants.ts'
import files from '../rules/files.json'
import { Heading } from '../shared/Heading.tsx'
import { Problem } from '../shared/states.tsx'
import { scrapeConfig } from './scrapeConfig.ts'

/** What to copy into Prometheus. */
export function Snippets({ recorded }: { recorded: boolean }) {
  return (
    <>
      <Heading>Scrape configuration</Heading>
      <p>For Prometheus; the key is made with “license-exporter key api prometheus”.</p>
      <Code label="Scrape configuration" text={scrapeConfig} />
      <Heading>Rules for Prometheus</Heading>
      <p>
        {recorded
          ? 'The recording rules run in this Prometheus.'
          : 'The recording rules do not run in this Prometheus: alerts on capacity and the dashboard “Capacity & cost” need them.'}{' '}
        Alert rules run either in Prometheus, from these files, or in Grafana, from the
        configuration page: not in both.
      </p>
      <ul style={{ listStyle: 'none', display: 'grid', gap: 8 }}>
        {files.map(name => (
          <RuleFile key={name} name={name} />
        ))}
      </ul>
    </>
  )
}

/** Fetched from the app's own folder when it is wanted. */
function RuleFile({ name }: { name: string }) {
  const [text, setText] = useState<string>()
  const [failed, setFailed] = useState(false)
  const show = async () => {
    try {
      const answer = await fetch(`public/plugins/${PLUGIN_ID}/rules/${name}`)
      if (!answer.ok) throw new Error(String(answer.status))
      setText(await answer.text())
    } catch {
      setFailed(true)
    }
  }
  return (
    <li>
      <code>{name}</code>{' '}
      {text === undefined && (
        <Button
          size="sm"
          variant="secondary"
          onClick={() => void show()}
          aria-label={`Show ${name}`}
        >
          Show
        </Button>
      )}
      {failed && (
        <Problem
          sentence={`${name} could not be loaded.`}
          wayOn="Install the app anew: a file of it is missing."
        />
      )}
      {text !== undefined && <Code label={name} text={text} />}
    </li>
  )
}

function Code({ label, text }: { label: string; text: string }) {
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.block}>
      <pre className={styles.code} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <ClipboardButton
        icon="copy"
        size="sm"
        variant="secondary"
        getText={() => text}
        aria-label={`Copy ${label}`}
      >
        Copy
      </ClipboardButton>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  block: css({ marginBottom: theme.spacing(2) }),
  code: css({ maxHeight: 320, overflow: 'auto', whiteSpace: 'pre' }),
})
