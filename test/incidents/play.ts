import { setTimeout as sleep } from 'node:timers/promises'
import type { Expected, Incident } from './incidents.ts'
import type { Episode, Receiver } from './receiver.ts'

export interface Played {
  incident: Incident
  seen: { alert: string; fired: number; resolved: number | undefined }[]
  problems: string[]
}

/** Longer than every scaled `for` and `keep_firing_for` together with reading and routing. */
const patienceSeconds = 300

export async function play(incident: Incident, receiver: Receiver): Promise<Played> {
  const problems: string[] = []
  const seen: { expected: Expected; badAt: number; goodAt: number | undefined }[] = []
  const of = (alert: string) => mine(incident, receiver).find(one => one.alert === alert)
  // What one incident cannot do is its own failure, not the end of the others.
  const attempt = async (act: () => void | Promise<void>) => {
    try {
      await act()
    } catch (error) {
      problems.push(String(error))
    }
  }
  await sleep((incident.after ?? 0) * 1000)
  for (const { act, expect } of incident.steps) {
    const badAt = Date.now()
    await attempt(act)
    for (const expected of expect) {
      seen.push({ expected, badAt, goodAt: undefined })
      if (!(await until(() => of(expected.alert)))) problems.push(`${expected.alert} never arrived`)
    }
  }
  // What else might follow has its time before all is well again.
  await sleep((incident.silence ?? 5) * 1000)
  const goodAt = Date.now()
  if (incident.good) {
    await attempt(incident.good)
    for (const one of seen) {
      one.goodAt = goodAt
      if (one.expected.superseded || !of(one.expected.alert)) continue
      if (!(await until(() => of(one.expected.alert)?.resolvedAt))) {
        problems.push(`${one.expected.alert} never resolved`)
      }
    }
    await sleep(10_000)
  }
  const seconds = (from: number, to: number) => Math.round((to - from) / 1000)
  return {
    incident,
    problems,
    seen: seen.map(({ expected: { alert }, badAt, goodAt: good }) => {
      const { firedAt = Number.NaN, resolvedAt } = of(alert) ?? {}
      const resolved = resolvedAt && good ? Math.max(0, seconds(good, resolvedAt)) : undefined
      return { alert, fired: seconds(badAt, firedAt), resolved }
    }),
  }
}

/** Exactly what was expected, once, at the right receiver, with its fields filled in. */
export function problemsOf({ incident, problems }: Played, receiver: Receiver): string[] {
  const found = [...problems]
  const expected = incident.steps.flatMap(({ expect }) => expect)
  const episodes = mine(incident, receiver)
  for (const episode of episodes) {
    const { alert, labels, annotations } = episode
    const wanted = expected.find(one => one.alert === alert)
    if (!wanted) {
      found.push(`${alert} arrived too: ${annotations.description}`)
      continue
    }
    if (episodes.filter(one => one.alert === alert).length > 1) found.push(`${alert} arrived twice`)
    if (episode.receiver !== wanted.receiver) found.push(`${alert} went to ${episode.receiver}`)
    for (const [name, value] of Object.entries(wanted.labels ?? {})) {
      if (labels[name] !== value) found.push(`${alert}: ${name} is ${labels[name]}, not ${value}`)
    }
    const { description = '', runbook_url = '', dashboard_url = '' } = annotations
    if (!wanted.says.test(description)) found.push(`${alert} says: ${description}`)
    if (!runbook_url.endsWith(`/${alert}.md`)) found.push(`${alert}: runbook is ${runbook_url}`)
    const text = Object.values(annotations).join(' ')
    if (/\{\{|<no value>|NaN|%!|error/i.test(text)) found.push(`${alert}: ${text}`)
    const where = encodeURIComponent(incident.server ?? incident.instance ?? '')
    if (!dashboard_url.includes(where)) found.push(`${alert}: dashboard is ${dashboard_url}`)
  }
  return [...new Set(found)]
}

/** Alerts that belong to no incident. */
export function strays(incidents: readonly Incident[], receiver: Receiver): string[] {
  const known = new Set(incidents.flatMap(one => mine(one, receiver)))
  return receiver.episodes
    .filter(one => !known.has(one))
    .map(({ alert, annotations }) => `${alert} belongs to no incident: ${annotations.description}`)
}

function mine({ server, instance }: Incident, { episodes }: Receiver): Episode[] {
  return episodes.filter(({ labels }) =>
    server !== undefined ? labels.server === server : labels.instance === instance,
  )
}

async function until(happened: () => unknown): Promise<boolean> {
  for (const end = Date.now() + patienceSeconds * 1000; Date.now() < end; await sleep(250)) {
    if (happened()) return true
  }
  return false
}
