import React from 'react'
import type { Row } from '../shared/frames.ts'
import { Facts } from '../shared/Facts.tsx'
import { Heading } from '../shared/Heading.tsx'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import type { Results } from '../shared/QueryView.tsx'
import { State, type Tone } from '../shared/State.tsx'
import { Empty } from '../shared/states.tsx'
import { DAY, duration, fromNow, number } from '../shared/words.ts'

const states: Readonly<Record<string, [tone: Tone, words: string]>> = {
  valid: ['good', 'valid'],
  grace: ['critical', 'in its grace period'],
  over: ['critical', 'over: new requests are refused'],
  unlicensed: ['critical', 'there is none: new requests are refused'],
}

/** Days: from here on the alert rules are warnings. */
const SOON = 7

const problems: Readonly<Record<string, string>> = {
  expired: 'It expired. Put the renewed license in place: it is taken without a restart.',
  missing: 'No license is found. Set IOSETU_LICENSE_FILE or IOSETU_LICENSE_KEY.',
  invalid:
    'The license is refused: its signature or its claims are not good. The log tells the code.',
  clock: 'The clock of the machine was set back. Set it right; the license is not the cause.',
}

export function LicenseView({ results }: { results: Results }) {
  const instances = results('ownState')
  if (instances.length === 0) {
    return (
      <Empty title="No IOSetu license is watched" href={paths.setup + keep()} linkText="Open Setup">
        Set IOSETU_LICENSE_FILE or IOSETU_LICENSE_KEY for the exporter, and its series arrive here.
      </Empty>
    )
  }
  return (
    <>
      <PageLinks
        links={[
          { text: 'Dashboard “IOSetu license”', href: dashboardUrl(dashboards.own) },
          { text: 'Events', href: paths.events + keep() },
        ]}
      />
      {instances.map(row => (
        <Instance key={row.labels.instance} row={row} results={results} />
      ))}
    </>
  )
}

function Instance({ row, results }: { row: Row; results: Results }) {
  const instance = row.labels.instance ?? ''
  const of = (name: string) => results(name).filter(one => one.labels.instance === instance)
  const [tone, words] = states[row.labels.state ?? ''] ?? ['unknown', row.labels.state ?? '']
  const days = of('ownDays')[0]?.value
  const grace = of('ownGraceLeft')[0]?.value
  const info = of('ownInfo')[0]?.labels
  const checked = of('ownCheckAge')[0]?.value
  const drift = of('ownDrift')[0]?.value
  const soon = tone === 'good' && days !== undefined && days < SOON
  return (
    <section aria-label={`License of ${instance}`}>
      <Heading>
        <bdi>{instance}</bdi>
      </Heading>
      <Facts
        label={`License of ${instance}, facts`}
        facts={[
          [
            'State',
            <State key="state" tone={soon ? 'warning' : tone}>
              {soon ? `${words}, and expires soon` : words}
            </State>,
          ],
          ['Expires', days === undefined ? undefined : fromNow(days * DAY)],
          [
            grace !== undefined && grace < 0 ? 'Grace ended' : 'Grace ends',
            grace === undefined ? undefined : fromNow(grace),
          ],
          ['Customer', info?.customer],
          ['Edition', info?.edition],
          ['License', info?.license_id],
          ['Last check', checked === undefined ? undefined : `${duration(checked)} ago`],
          ['Clock drift', drift === undefined ? undefined : `${number(drift)} s`],
        ]}
      />
      {of('ownProblem').map(problem => (
        <p key={problem.labels.reason}>
          {problems[problem.labels.reason ?? ''] ?? problem.labels.reason}
        </p>
      ))}
      <Counts title="Checks of the last day" rows={of('ownChecks')} label="result" />
      <Counts title="Steps of the clock in the last day" rows={of('ownJumps')} label="direction" />
    </section>
  )
}

function Counts({ title, rows, label }: { title: string; rows: Row[]; label: string }) {
  if (rows.length === 0) return null
  return (
    <p>
      {title}: {rows.map(row => `${row.labels[label]} ${number(Math.round(row.value))}`).join(', ')}
      .
    </p>
  )
}
