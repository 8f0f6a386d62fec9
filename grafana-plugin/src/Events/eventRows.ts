import type { DataFrame } from '@grafana/data'
import type { ApiEvent } from '../shared/api/types.ts'
import type { Tone } from '../shared/State.tsx'
import { DAY, duration, reasonWords } from '../shared/words.ts'

export interface EventRow {
  id: string
  time: Date
  event: string
  message: string
  tone: Tone
  server: string
  /** Vendor and feature, or the machine, and why. */
  subject: string
}

const tones: Readonly<Record<string, Tone>> = {
  critical: 'critical',
  error: 'critical',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
}

const toneOf = (severity: unknown): Tone => tones[String(severity).toLowerCase()] ?? 'unknown'
const text = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value)

/** Log records of Loki: the name of the event is structured metadata. Newest first. */
export function fromLoki(frames: readonly DataFrame[]): EventRow[] {
  const rows: EventRow[] = []
  for (const frame of frames) {
    const field = (...names: string[]) => frame.fields.find(one => names.includes(one.name))
    const times = field('Time', 'timestamp')
    const lines = field('Line', 'body')
    const labels = field('labels')
    const ids = field('id')
    for (let index = 0; index < frame.length; index++) {
      const attributes = (labels?.values[index] ?? {}) as Record<string, unknown>
      rows.push({
        id: text(ids?.values[index] ?? `${frame.refId} ${index}`),
        time: new Date(Number(times?.values[index])),
        event: text(attributes.event_name),
        message: text(lines?.values[index]),
        tone: toneOf(attributes.severity ?? attributes.severity_text ?? attributes.detected_level),
        ...subjectOf(attributes),
      })
    }
  }
  return rows.sort((a, b) => b.time.getTime() - a.time.getTime())
}

/** Events that an exporter still has in memory. */
export function fromExporter(events: readonly ApiEvent[]): EventRow[] {
  return events
    .map(event => ({
      id: event.id,
      time: new Date(event.timestamp),
      event: event.event,
      message: event.msg,
      tone: toneOf(event.severity),
      ...subjectOf(event),
    }))
    .sort((a, b) => b.time.getTime() - a.time.getTime())
}

function subjectOf(attributes: Readonly<Record<string, unknown>>) {
  return {
    server: text(attributes.server),
    subject: [
      [text(attributes.vendor), text(attributes.feature ?? attributes.member)]
        .filter(Boolean)
        .join(' '),
      reasonWords(text(attributes.reason)),
      daysLeft(attributes.days_remaining),
    ]
      .filter(Boolean)
      .join(': '),
  }
}

/** At the time of the event. */
function daysLeft(days: unknown): string {
  const left = days === undefined ? Number.NaN : Number(days)
  return Number.isNaN(left) ? '' : `${duration(left * DAY)} left`
}
