import { FEATURE, type Row, SERVER, keyOf, valuesBy } from '../shared/frames.ts'
import { dashboardUrl, dashboards, paths } from '../shared/links.ts'
import { count, DAY, duration, reasonWords } from '../shared/words.ts'

export type Urgency = 'critical' | 'warning' | 'info'

/** One thing that wants somebody's attention, and the place where it is solved. */
export interface Attention {
  urgency: Urgency
  what: string
  detail: string
  href: string
  /** Among equals the smaller one is more urgent: seconds left, seats free. */
  rank: number
}

type Rows = (name: string) => Row[]
const of = (row: Row, label: string): string => row.labels[label] ?? ''

/** Everything that needs attention, most urgent first. */
export function attention(rows: Rows): Attention[] {
  const found = [
    ...ownLicense(rows),
    ...servers(rows),
    ...parts(rows),
    ...capacity(rows),
    ...renewals(rows),
  ]
  const order: Readonly<Record<Urgency, number>> = { critical: 0, warning: 1, info: 2 }
  return found.sort((a, b) => order[a.urgency] - order[b.urgency] || a.rank - b.rank)
}

function ownLicense(rows: Rows): Attention[] {
  const found: Attention[] = []
  const lefts = valuesBy(rows('ownLeft'), ['instance'])
  let least = Infinity
  for (const row of rows('ownState')) {
    const state = of(row, 'state')
    const left = lefts.get(of(row, 'instance'))
    if (state === 'valid' && left !== undefined) least = Math.min(least, left)
    if (state === 'over' || state === 'unlicensed') {
      const what =
        state === 'over'
          ? 'The grace period of the IOSetu license is over'
          : 'There is no valid IOSetu license'
      found.push({
        urgency: 'critical',
        what,
        detail: 'new requests are refused',
        href: paths.license,
        rank: -2,
      })
    } else if (state === 'grace') {
      const detail =
        left === undefined ? 'it is not valid any more' : `${duration(left)} of grace left`
      found.push({
        urgency: 'critical',
        what: 'The IOSetu license is in its grace period',
        detail,
        href: paths.license,
        rank: -1,
      })
    }
  }
  if (least < 30 * DAY) {
    const urgency = least < DAY ? 'critical' : least < 7 * DAY ? 'warning' : 'info'
    found.push({
      urgency,
      what: 'The IOSetu license expires',
      detail: `in ${duration(least)}`,
      href: paths.license,
      rank: least,
    })
  }
  return found
}

function servers(rows: Rows): Attention[] {
  const up = new Map(rows('serverUp').map(row => [keyOf(row.labels, SERVER), row.value]))
  const collected = new Set(
    rows('collectSuccess')
      .filter(row => row.value === 1)
      .map(row => keyOf(row.labels, SERVER))
  )
  return rows('serverProblem')
    .filter(row => row.value === 1)
    .map(row => {
      const key = keyOf(row.labels, SERVER)
      const down = up.get(key) === 0 && collected.has(key)
      const name = of(row, 'server')
      return {
        urgency: down ? 'critical' : 'warning',
        what: down ? `License server ${name} is down` : `License server ${name} cannot be read`,
        detail: reasonWords(of(row, 'reason')),
        href: paths.server(name),
        rank: 0,
      }
    })
}

function parts(rows: Rows): Attention[] {
  // Where the server itself is down its machines are no second line.
  const down = new Set(
    rows('serverUp')
      .filter(row => row.value === 0)
      .map(row => keyOf(row.labels, SERVER))
  )
  const daemons = rows('daemonUp')
    .filter(row => row.value === 0)
    .map((row): Attention => ({
      urgency: 'critical',
      what: `Vendor daemon ${of(row, 'vendor')} is down`,
      detail: `on license server ${of(row, 'server')}`,
      href: paths.server(of(row, 'server')),
      rank: 1,
    }))
  const members = rows('memberUp')
    .filter(row => row.value === 0 && !down.has(keyOf(row.labels, SERVER)))
    .map((row): Attention => ({
      urgency: 'warning',
      what: `Machine ${of(row, 'member')} is down`,
      detail: `of license server ${of(row, 'server')}`,
      href: paths.server(of(row, 'server')),
      rank: 2,
    }))
  return [...daemons, ...members]
}

function featureHref(row: Row): string {
  return paths.feature({
    server: of(row, 'server'),
    vendor: of(row, 'vendor'),
    feature: of(row, 'feature'),
  })
}

function capacity(rows: Rows): Attention[] {
  const denied = new Map(rows('denials').map(row => [keyOf(row.labels, FEATURE), row.value]))
  const full = new Set<string>()
  const exhausted = rows('full').map((row): Attention => {
    const key = keyOf(row.labels, FEATURE)
    full.add(key)
    const refused = denied.get(key)
    return {
      urgency: refused === undefined ? 'info' : 'warning',
      what: `No seat of ${of(row, 'feature')} is free`,
      detail: `all ${count(row.value, 'seat')} on ${of(row, 'server')} are out${refused === undefined ? '' : `, ${refusedWords(refused)}`}`,
      href: featureHref(row),
      rank: refused === undefined ? 10 : -refused,
    }
  })
  const only = rows('denials').filter(
    row => !full.has(keyOf(row.labels, FEATURE)) && row.value >= 0.5
  )
  return [
    ...exhausted,
    ...only.map((row): Attention => ({
      urgency: 'info',
      what: `Requests for ${of(row, 'feature')} were refused`,
      detail: `${refusedWords(row.value)}, on ${of(row, 'server')}`,
      href: dashboardUrl(dashboards.feature, {
        server: of(row, 'server'),
        feature: of(row, 'feature'),
      }),
      rank: -row.value,
    })),
  ]
}

// increase() tells between the scrapes: at least one, and a whole number, for people.
const refusedWords = (n: number): string =>
  `${count(Math.max(1, Math.round(n)), 'request')} refused in the last hour`

function renewals(rows: Rows): Attention[] {
  const waiting = rows('notServed').map((row): Attention => ({
    urgency: 'info',
    what: `${of(row, 'feature')} has other seats installed than served`,
    detail: `${count(row.value, 'seat')} in the license files of ${of(row, 'server')}: a reread may be due`,
    href: paths.renewals,
    rank: 20,
  }))
  const covered = new Set(rows('notServed').map(row => keyOf(row.labels, FEATURE)))
  const expiring = rows('poolLeft')
    .filter(row => row.value < 60 * DAY)
    .map((row): Attention => {
      const left = row.value
      const urgency = left < 7 * DAY ? (left < 0 ? 'critical' : 'warning') : 'info'
      const installedWords = covered.has(keyOf(row.labels, FEATURE))
        ? '; other seats are installed'
        : ''
      return {
        urgency,
        what:
          left < 0
            ? `Seats of ${of(row, 'feature')} expired`
            : `Seats of ${of(row, 'feature')} expire`,
        detail: `${left < 0 ? `${duration(left)} ago` : `in ${duration(left)}`}, on ${of(row, 'server')}${installedWords}`,
        href: paths.renewals,
        rank: left,
      }
    })
  return [...waiting, ...expiring]
}
