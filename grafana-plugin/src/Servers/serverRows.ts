import { FEATURE, keyOf, type Row, SERVER, valuesBy } from '../shared/frames.ts'
import type { Tone } from '../shared/State.tsx'
import { reasonWords } from '../shared/words.ts'

type Rows = (name: string) => Row[]

export interface ServerRow {
  server: string
  manager: string
  tone: Tone
  /** `up`, `down: the connection is refused`, `not read: …`. */
  state: string
  features: number
  /** Seconds since the last good reading. */
  age?: number
  version?: string
}

/** One row a configured license server. */
export function serverRows(rows: Rows): ServerRow[] {
  const up = valuesBy(rows('serverUp'), SERVER)
  const age = valuesBy(rows('collectAge'), SERVER)
  const reason = new Map(
    rows('serverProblem').map(row => [keyOf(row.labels, SERVER), row.labels.reason ?? ''])
  )
  const version = new Map(
    rows('serverVersion').map(row => [keyOf(row.labels, SERVER), row.labels.version])
  )
  const features = new Map<string, number>()
  for (const row of rows('featureCount')) features.set(keyOf(row.labels, SERVER), row.value)
  const known = new Map<string, Record<string, string>>()
  for (const name of ['collectSuccess', 'serverUp', 'serverProblem']) {
    for (const row of rows(name)) known.set(keyOf(row.labels, SERVER), row.labels)
  }
  const collected = valuesBy(rows('collectSuccess'), SERVER)
  return [...known].map(([key, labels]) => {
    const [tone, state] = stateOf(up.get(key), collected.get(key), reason.get(key))
    const seconds = age.get(key)
    const told = version.get(key)
    return {
      server: labels.server ?? '',
      manager: labels.manager ?? '',
      tone,
      state,
      features: features.get(key) ?? 0,
      ...(seconds !== undefined && { age: seconds }),
      ...(told !== undefined && { version: told }),
    }
  })
}

function stateOf(up?: number, collected?: number, reason?: string): [Tone, string] {
  const why = reason === undefined ? '' : `: ${reasonWords(reason)}`
  if (up === 1) return ['good', 'up']
  if (up === 0 && collected !== 0) return ['critical', `down${why}`]
  if (collected === 0) return ['warning', `not read${why}`]
  return ['unknown', 'not read yet']
}

export interface FeatureRow {
  server: string
  manager: string
  vendor: string
  feature: string
  product: string
  counted: boolean
  issued?: number
  used?: number
  /** Used of issued, 0 to 1. */
  share?: number
  reserved?: number
  borrowed?: number
  queued?: number
  users?: number
  /** Seconds that the oldest checkout is held. */
  oldest?: number
  full: boolean
}

/** One row a feature. */
export function featureRows(rows: Rows): FeatureRow[] {
  const by = (name: string) => valuesBy(rows(name), FEATURE)
  const numbers = {
    used: by('used'),
    reserved: by('reserved'),
    borrowed: by('borrowed'),
    queued: by('queued'),
    users: by('users'),
    oldest: by('oldestCheckout'),
  }
  const full = by('full')
  const counted = rows('featureIssued').map(row => ({ ...row, issued: row.value }))
  const uncounted = rows('featureUncounted').map(row => ({ ...row, issued: undefined }))
  return [...counted, ...uncounted].map(({ labels, issued }) => {
    const key = keyOf(labels, FEATURE)
    const row: FeatureRow = {
      server: labels.server ?? '',
      manager: labels.manager ?? '',
      vendor: labels.vendor ?? '',
      feature: labels.feature ?? '',
      product: labels.product ?? labels.feature ?? '',
      counted: labels.counting !== 'uncounted',
      full: full.has(key),
    }
    if (issued !== undefined) row.issued = issued
    for (const name of Object.keys(numbers) as Array<keyof typeof numbers>) {
      const value = numbers[name].get(key)
      if (value !== undefined) row[name] = value
    }
    if (row.issued !== undefined && row.issued > 0 && row.used !== undefined)
      row.share = row.used / row.issued
    return row
  })
}
