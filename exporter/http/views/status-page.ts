import type { OwnLicense } from '../../parts.ts'
import { type Html, html } from '../html.ts'
import type { EventView, FeatureView, PoolView, ServerView } from './schemas.ts'
import { serverState } from './server-words.ts'
import { tableSection } from './table.ts'
import { distance, moment } from './words.ts'

/** What the page at `/` shows; made from the same views as the API. */
export interface Overview {
  now: Date
  version: string
  mode: 'run' | 'demo'
  license: OwnLicense | undefined
  servers: ServerView[]
  fullest: FeatureView[]
  expiring: PoolView[]
  events: EventView[]
}

const dayMs = 86_400_000

export function statusBody(view: Overview): Html {
  const { now, version, mode } = view
  return html`<main>
<h1>License servers and own license</h1>
<p class="sum">${summary(view.servers)}</p>
<p class="mut">As of ${time(now.toISOString())}${mode === 'demo' && '; invented servers of the demo'}</p>
${licenseSection(view.license, now)}
${serverSection(view.servers, now)}
${featureSection(view.fullest)}
${poolSection(view.expiring, now)}
${eventSection(view.events)}
</main>
<footer><p class="mut">license-exporter ${version} · <a href="api/v1/docs">API</a> · <a href="metrics">metrics</a> · <a href="health">health</a></p></footer>`
}

/** `License status`, or what is wrong: it stands on the tab of the browser. */
export function statusTitle({ license, servers }: Pick<Overview, 'license' | 'servers'>): string {
  const down = servers.filter(({ up }) => up === false).length
  const wrong = [
    ...(license && license.state !== 'valid' ? [words[license.state]] : []),
    ...(down > 0 ? [`${down} down`] : []),
  ]
  return [...wrong, 'License status'].join(' · ')
}

function summary(servers: readonly ServerView[]): Html[] {
  const count = (up: boolean | undefined) => servers.filter(one => one.up === up).length
  const parts = [
    [count(true), 'up', 'good'],
    [count(false), 'down', 'bad'],
    [count(undefined), 'not known', 'warn'],
  ] as const
  if (servers.length === 0) return [html`No license server is configured.`]
  return parts
    .filter(([number]) => number > 0)
    .map(
      ([number, word, tone], i) =>
        html`${i > 0 && ', '}<span class="state ${tone}">${number} ${word}</span>`,
    )
}

const tones = { valid: 'good', grace: 'warn', over: 'bad', unlicensed: 'bad' } as const
const words = {
  valid: 'Valid',
  grace: 'Grace period',
  over: 'Grace period over',
  unlicensed: 'Unlicensed',
} as const

function licenseSection(license: OwnLicense | undefined, now: Date): Html {
  if (!license) {
    return html`<section aria-labelledby="own"><h2 id="own">Own license</h2><p class="mut">Not watched here.</p></section>`
  }
  const { state, problem, reason, customer, edition, expiresAt, graceExpiresAt } = license
  const refused = state === 'over' || state === 'unlicensed'
  const facts = [customer, edition, refused && 'new requests are refused', problem]
  const told = facts.filter(Boolean).map(fact => ` · ${fact}`)
  return html`<section aria-labelledby="own"><h2 id="own">Own license</h2>
<p><span class="state ${tones[state]}">${words[state]}</span>${told}${reason && ` (${reason})`}</p>
${expiresAt && until(['Expires', 'Expired'], expiresAt, now)}${graceExpiresAt && until(['Grace ends', 'Grace ended'], graceExpiresAt, now)}</section>`
}

function until([will, did]: readonly [string, string], at: Date, now: Date): Html {
  return html`<p><span class="${urgency(at, now)}">${at > now ? will : did} ${distance(at, now)}</span> (${time(at.toISOString())})</p>\n`
}

/** Orders take weeks and renewals days: red in the last week, amber in the last month. */
function urgency(at: Date, now: Date): string {
  const days = (at.getTime() - now.getTime()) / dayMs
  return days < 7 ? 'bad' : days < 30 ? 'warn' : ''
}

function serverSection(servers: readonly ServerView[], now: Date): Html {
  const rows = servers.map(view => {
    const { server, manager, version, at, good_at: good } = view
    const { tone, word, details } = serverState(view)
    const read = at === undefined ? 'not read yet' : distance(new Date(at), now)
    const failed = at !== undefined && good !== at
    const since =
      good === undefined
        ? ', never with success'
        : `, ${distance(new Date(good), now)} with success`
    return [
      server,
      `${manager}${version === undefined ? '' : ` ${version}`}`,
      [html`<span class="state ${tone}">${word}</span>`, ...details.map(one => ` · ${one}`)],
      `${read}${failed ? since : ''}`,
    ]
  })
  const columns = [
    { title: 'Server', heads: true },
    { title: 'Manager' },
    { title: 'State' },
    { title: 'Last read' },
  ] as const
  return tableSection('servers', 'License servers', columns, rows)
}

function featureSection(features: readonly FeatureView[]): Html {
  const rows = features.map(({ server, feature, product, seats }) => {
    const { used = 0, issued = 0 } = seats
    const percent = Math.round((used / issued) * 100)
    const tone = percent >= 100 ? 'full' : percent >= 90 ? 'near' : ''
    const bar = html`<svg class="${tone}" preserveAspectRatio="none"><rect class="back" width="100%" height="100%" rx="3"/><rect width="${Math.min(100, percent)}%" height="100%" rx="3"/></svg>`
    const name = product === feature ? feature : `${product} (${feature})`
    return [name, server, bar, `${used} of ${issued} (${percent} %)`]
  })
  const columns = [
    { title: 'Feature', heads: true },
    { title: 'Server' },
    { title: 'Use', picture: true },
    { title: 'Seats used', numeric: true },
  ] as const
  return tableSection('features', 'Fullest features', columns, rows)
}

function poolSection(pools: readonly PoolView[], now: Date): Html {
  const rows = pools.map(({ server, feature, version, seats, expires_at }) => {
    const at = new Date(expires_at!)
    return [
      `${feature} ${version}`,
      server,
      seats,
      [
        html`<span class="${urgency(at, now)}">${at < now ? 'expired' : 'expires'} ${distance(at, now)}</span>`,
        html` (${time(expires_at!)})`,
      ],
    ]
  })
  const columns = [
    { title: 'Feature', heads: true },
    { title: 'Server' },
    { title: 'Seats', numeric: true },
    { title: 'Expiry' },
  ] as const
  return tableSection('pools', 'Expires next', columns, rows)
}

const about = ['customer', 'server', 'vendor', 'feature', 'product', 'reason', 'days_remaining']

function eventSection(events: readonly EventView[]): Html {
  const rows = events.map(event => {
    const { timestamp, severity, msg } = event
    const tone = severity === 'critical' ? 'bad' : severity === 'warning' ? 'warn' : 'mut'
    const facts = about.flatMap(name => {
      if (event[name] === undefined) return []
      return name === 'days_remaining' ? `${event[name]} days left` : String(event[name])
    })
    return [
      msg,
      time(timestamp),
      html`<span class="state ${tone}">${severity}</span>`,
      facts.join(' · '),
    ]
  })
  const columns = [
    { title: 'Event', heads: true },
    { title: 'Time' },
    { title: 'Severity' },
    { title: 'About' },
  ] as const
  return tableSection('events', 'Last events', columns, rows)
}

function time(text: string): Html {
  return html`<time datetime="${text}">${moment(new Date(text))}</time>`
}
