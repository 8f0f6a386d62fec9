import React, { useCallback, useEffect, useState } from 'react'
import { Button, ConfirmModal } from '@grafana/ui'
import { RULES_FOLDER } from '../constants.ts'
import groups from '../rules/groups.json'
import { Heading } from '../shared/Heading.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import { State, type Tone } from '../shared/State.tsx'
import { Loading, Problem } from '../shared/states.tsx'
import { count } from '../shared/words.ts'
import { ensureFolder, type Folder, readInstalled, removeGroup, writeGroup } from './ruleApi.ts'
import { type AppGroup, groupBody } from './ruleBody.ts'
import { type Doing, explainRules } from './ruleFailure.ts'
import { compare, type Compared } from './ruleState.ts'

const all = groups as unknown as AppGroup[]
const tones = {
  installed: 'good',
  differs: 'warning',
  missing: 'unknown',
} as const satisfies Record<string, Tone>

interface Line extends Compared {
  group: AppGroup
}

interface Read {
  found: Line[]
  folder?: Folder | undefined
  refused?: { sentence: string; wayOn: string }
}

async function readLines(datasourceUid: string): Promise<Read> {
  try {
    const there = await readInstalled()
    return {
      folder: there.folder,
      found: all.map(group => ({ group, ...compare(there, group, datasourceUid) })),
    }
  } catch (error) {
    return { found: [], refused: explainRules(error, 'read') }
  }
}

interface RuleInstallerProps {
  datasourceUid: string
  recorded: boolean | undefined
}

/** Alert rules in one folder of Grafana: says what it will do before it does. */
export function RuleInstaller({ datasourceUid, recorded }: RuleInstallerProps) {
  const [lines, setLines] = useState<Line[]>()
  const [folder, setFolder] = useState<Folder>()
  const [problem, setProblem] = useState<{ sentence: string; wayOn: string }>()
  const [asked, setAsked] = useState<'install' | 'remove'>()
  const [busy, setBusy] = useState(false)
  const show = useCallback(({ found, folder: there, refused }: Read) => {
    setLines(found)
    setFolder(there)
    if (refused) setProblem(refused)
  }, [])
  useEffect(() => {
    let wanted = true
    void readLines(datasourceUid).then(read => {
      if (wanted) show(read)
    })
    return () => {
      wanted = false
    }
  }, [datasourceUid, show])

  /** Does it group by group, and stops at the first that Grafana refuses. */
  const run = async (work: (at: (doing: Doing) => void) => Promise<void>) => {
    setAsked(undefined)
    setBusy(true)
    setProblem(undefined)
    let doing: Doing = 'make the folder of'
    try {
      await work(next => (doing = next))
    } catch (error) {
      setProblem(explainRules(error, doing))
    }
    show(await readLines(datasourceUid))
    setBusy(false)
  }
  const install = () =>
    run(async at => {
      await ensureFolder()
      for (const { state, group } of lines ?? []) {
        at({ write: group.name })
        if (state !== 'installed') await writeGroup(groupBody(group, datasourceUid))
      }
    })
  const remove = () =>
    run(async at => {
      for (const { state, group } of lines ?? []) {
        at({ write: group.name })
        if (state !== 'missing') await removeGroup(group.name)
      }
    })

  if (!lines) return <Loading what="the alert rules" />
  const missing = lines.filter(line => line.state === 'missing')
  const differing = lines.filter(line => line.state === 'differs')
  const there = lines.length - missing.length
  const title = folder?.title ?? RULES_FOLDER.title
  return (
    <section aria-label="Alert rules">
      <Heading>Alert rules</Heading>
      <p>
        {count(
          all.reduce((sum, group) => sum + group.rules.length, 0),
          'rule'
        )}{' '}
        in the folder “{title}”. Install them here or in Prometheus, not in both.
      </p>
      {recorded === false && (
        <Problem
          severity="warning"
          sentence="The recording rules do not run in this Prometheus."
          wayOn="Rules on capacity and pool expiry read them: copy recording.rules.yml from Setup into Prometheus, else these rules stay silent."
        />
      )}
      {problem && <Problem {...problem} />}
      <PagedTable
        caption="Groups of alert rules"
        noun="groups"
        items={lines}
        columns={columns}
        itemKey={line => line.group.name}
        empty={null}
      />
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Button
          disabled={busy || missing.length + differing.length === 0}
          onClick={() => setAsked('install')}
        >
          {differing.length > 0 ? 'Install and update alert rules' : 'Install alert rules'}
        </Button>
        <Button
          variant="destructive"
          fill="outline"
          disabled={busy || there === 0}
          onClick={() => setAsked('remove')}
        >
          Remove alert rules
        </Button>
        {busy && <span role="status">Working …</span>}
      </div>
      <ConfirmModal
        isOpen={asked === 'install'}
        title="Install alert rules"
        body={plan(folder, missing, differing)}
        confirmText="Install"
        confirmButtonVariant="primary"
        onConfirm={() => void install()}
        onDismiss={() => setAsked(undefined)}
      />
      <ConfirmModal
        isOpen={asked === 'remove'}
        title="Remove alert rules"
        body={`${count(there, 'group')} will be deleted from the folder “${title}”, changes by hand too. The folder stays.`}
        confirmText="Remove"
        onConfirm={() => void remove()}
        onDismiss={() => setAsked(undefined)}
      />
    </section>
  )
}

/** What the button will do, before it does. */
function plan(
  folder: Folder | undefined,
  missing: readonly Line[],
  differing: readonly Line[]
): string {
  const names = (lines: readonly Line[]) => lines.map(line => line.group.name).join(', ')
  return [
    folder
      ? `Rules are written into the folder “${folder.title}”.`
      : `The folder “${RULES_FOLDER.title}” is made.`,
    missing.length > 0 ? `Added: ${names(missing)}.` : '',
    differing.length > 0 ? `Overwritten, changes by hand too: ${names(differing)}.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

const columns: ReadonlyArray<TableColumn<Line>> = [
  { id: 'group', title: 'Group', value: line => line.group.name },
  { id: 'rules', title: 'Rules', numeric: true, value: line => line.group.rules.length },
  {
    id: 'state',
    title: 'State',
    value: line => line.state,
    cell: line => <State tone={tones[line.state]}>{line.state}</State>,
  },
  {
    id: 'differences',
    title: 'What differs',
    wide: true,
    value: line =>
      line.differences.slice(0, 5).join('; ') + (line.differences.length > 5 ? ' …' : ''),
  },
]
