import type { OwnLicense } from '../../parts.ts'
import { type Html, html } from '../html.ts'
import type { EventView, FeatureView, PoolView, ServerView } from './schemas.ts'
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

export function statusBody(view: Overview): Html {
  const { now, version, mode } = view
  return html`<main>
<h1>License servers and own license</h1>
<p class="mut">As of ${time(now.toISOString())}${mode === 'demo' && '; invented servers of the demo'}</p>
${licenseSection(view.license, now)}
${serverSection(view.servers, now)}
${featureSection(view.fullest)}
${poolSection(view.expiring, now)}
${eventSection(view.events)}
</main>
<footer><p class="mut">license-exporter ${version} · <a href="api/v1/docs">API</a> · <a href="metrics">metrics</a></p></footer>`
}

const tones = { valid: 'good', grace: 'warn', over: 'bad', unlicensed: 'bad' } as const
const words = {
  valid: 'Valid',
  grace: 'Grace period',
  over: 'Grace period over: new requests are refused',
  unlicensed: 'Unlicensed',
} as const

function licenseSection(license: OwnLicense | undefined, now: Date): Html {
  if (!license) {
    return html`<section aria-labelledby="own"><h2 id="own">Own license</h2><p class="mut">Not watched here.</p></section>`
  }
  const { state, problem, reason, customer, expiresAt, graceExpiresAt } = license
  const expires = expiresAt && [
    expiresAt > now ? 'Expires ' : 'Expired ',
    distance(expiresAt, now),
    ' (',
    time(expiresAt.toISOString()),
    '). ',
  ]
  const grace = graceExpiresAt && [
    graceExpiresAt > now ? 'Grace ends ' : 'Grace ended ',
    distance(graceExpiresAt, now),
    '. ',
  ]
  return html`<section aria-labelledby="own"><h2 id="own">Own license</h2>
<p><span class="state ${tones[state]}">${words[state]}</span>${customer && ` · ${customer}`}${problem && ` · ${problem}`}${reason && ` (${reason})`}</p>
<p>${expires}${grace}</p></section>`
}

function serverSection(servers: ServerView[], now: Date): Html {
  const rows = servers.map(({ server, manager, up, reason, at, version }) => {
    const [tone, word] =
      up === true ? ['good', 'Up'] : up === false ? ['bad', 'Down'] : ['warn', 'Not known']
    return html`<tr><th scope="row">${server}</th><td>${manager}${version && ` ${version}`}</td><td><span class="state ${tone}">${word}</span>${reason && ` · ${reason}`}</td><td>${at ? distance(new Date(at), now) : 'not read yet'}</td></tr>`
  })
  return section('servers', 'License servers', ['Server', 'Manager', 'State', 'Read'], rows)
}

function featureSection(features: FeatureView[]): Html {
  const rows = features.map(({ server, feature, product, seats }) => {
    const { used = 0, issued = 0 } = seats
    const percent = Math.min(100, Math.round((used / issued) * 100))
    return html`<tr><th scope="row">${product}${product !== feature && ` (${feature})`}</th><td>${server}</td><td><svg aria-hidden="true" preserveAspectRatio="none"><rect class="back" width="100%" height="100%"/><rect width="${percent}%" height="100%"/></svg></td><td class="num">${used} of ${issued} (${percent} %)</td></tr>`
  })
  return section('features', 'Fullest features', ['Feature', 'Server', 'Use', 'Seats used'], rows)
}

function poolSection(pools: PoolView[], now: Date): Html {
  const rows = pools.map(({ server, feature, version, seats, expires_at }) => {
    const expiry = new Date(expires_at!)
    const days = (expiry.getTime() - now.getTime()) / 86_400_000
    const tone = days < 7 ? 'bad' : days < 30 ? 'warn' : ''
    return html`<tr><th scope="row">${feature} ${version}</th><td>${server}</td><td class="num">${seats}</td><td><span class="${tone}">${days < 0 ? 'expired' : 'expires'} ${distance(expiry, now)}</span> (${time(expires_at!)})</td></tr>`
  })
  return section('pools', 'Expires next', ['Feature', 'Server', 'Seats', 'Expiry'], rows)
}

function eventSection(events: EventView[]): Html {
  const rows = events.map(event => {
    const { timestamp, severity, msg } = event
    const tone = severity === 'critical' ? 'bad' : severity === 'warning' ? 'warn' : 'mut'
    const about = ['server', 'vendor', 'feature', 'reason']
      .flatMap(name => (event[name] === undefined ? [] : String(event[name])))
      .join(' · ')
    return html`<tr><td>${time(timestamp)}</td><td><span class="state ${tone}">${severity}</span></td><th scope="row">${msg}</th><td>${about}</td></tr>`
  })
  return section('events', 'Last events', ['Time', 'Severity', 'Event', 'About'], rows)
}

function section(id: string, title: string, columns: string[], rows: Html[]): Html {
  const head = columns.map(column => html`<th scope="col">${column}</th>`)
  const table = html`<div class="scroll"><table aria-labelledby="${id}"><thead><tr>${head}</tr></thead><tbody>
${rows}
</tbody></table></div>`
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${rows.length > 0 ? table : html`<p class="mut">Nothing to show.</p>`}</section>`
}

function time(text: string): Html {
  return html`<time datetime="${text}">${moment(new Date(text))}</time>`
}
