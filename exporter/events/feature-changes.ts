import type { Feature, Snapshot } from '../model.ts'
import { featureKey } from '../state.ts'
import { type Exhaustion, exhaustion, useOf } from './exhaustion.ts'
import type { Step } from './step.ts'

const readingsInARow = 2
const freeSeconds = 300

/** Exhausted, available again, seats changed. Nothing from a server or daemon that is down. */
export function featureChanges(step: Step): void {
  const { reading } = step
  if ('error' in reading || !reading.snapshot.status.up) return
  const { snapshot } = reading
  const down = downDaemons(snapshot)
  const use = useOf(snapshot)
  const baselines = new Set<string>()
  for (const feature of snapshot.features) {
    const vendor = feature.vendor.toLowerCase()
    if (down.has(vendor)) continue
    const first = step.known(`features\n${vendor}`) === undefined
    if (first) baselines.add(vendor)
    seatsChanged(step, feature)
    const found = exhaustion(feature, use, step.server.usedByPool, step.now)
    if (found) exhausted(step, feature, found, first)
  }
  for (const vendor of baselines) step.set(`features\n${vendor}`, 'baseline')
}

export function downDaemons({ daemons }: Snapshot): Set<string> {
  return new Set(daemons.filter(({ up }) => !up).map(({ vendor }) => vendor.toLowerCase()))
}

function exhausted(step: Step, feature: Feature, found: Exhaustion, first: boolean): void {
  const subject = `feature\n${featureKey(feature.vendor, feature.name)}`
  const known = step.known(subject)
  if (known === undefined && first) step.set(subject, found.full ? 'exhausted' : 'available')
  else if (known === 'exhausted') maybeAvailable(step, feature, found, subject)
  else maybeExhausted(step, feature, found, subject)
}

function maybeExhausted(step: Step, feature: Feature, found: Exhaustion, subject: string): void {
  if (!found.full) {
    step.set(subject, 'available')
    return
  }
  const full = (step.wasPending(subject)?.full ?? 0) + 1
  if (full < readingsInARow) {
    step.pending.set(subject, { full })
    return
  }
  step.say(subject, 'exhausted', {
    event: 'license_feature.exhausted',
    msg: 'No seat of the feature is free',
    attributes: attributesOf(step, feature, found),
  })
}

function maybeAvailable(step: Step, feature: Feature, found: Exhaustion, subject: string): void {
  if (found.full) return
  const at = step.now.getTime() / 1000
  const freeSince = step.wasPending(subject)?.freeSince ?? at
  if (at - freeSince < freeSeconds) {
    step.pending.set(subject, { full: 0, freeSince })
    return
  }
  step.say(subject, 'available', {
    event: 'license_feature.available',
    msg: 'Seats of the feature are free again',
    attributes: attributesOf(step, feature, found),
  })
}

function seatsChanged(step: Step, feature: Feature): void {
  if (feature.issued === undefined) return
  const subject = `issued\n${featureKey(feature.vendor, feature.name)}`
  const before = step.known(subject)
  const after = feature.issued
  if (typeof before !== 'number') step.set(subject, after)
  if (typeof before !== 'number' || before === after) return
  const fewer = after < before
  step.say(subject, after, {
    event: 'license_feature.seats_changed',
    msg: fewer ? 'The feature has fewer seats' : 'The feature has more seats',
    attributes: { ...labelsOf(step, feature), before, after },
    level: fewer ? 'WARN' : 'INFO',
    severity: fewer ? 'warning' : 'info',
  })
}

function labelsOf(step: Step, { vendor, name }: Feature) {
  return { ...step.labels, vendor, feature: name }
}

function attributesOf(step: Step, feature: Feature, { issued, used }: Exhaustion) {
  return { ...labelsOf(step, feature), seats_issued: issued, seats_used: used }
}
