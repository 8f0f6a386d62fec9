import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { Level, LicenseEvent } from '../catalogue.ts'

/** severityNumber of OpenTelemetry. */
const severityNumbers = { INFO: 9, WARN: 13, ERROR: 17 } as const satisfies Record<Level, number>

/** Fields of the log record itself; all others are attributes. */
const own = new Set(['timestamp', 'level', 'msg', 'event', 'id'])

type Surroundings = Pick<ReadableLogRecord, 'resource' | 'instrumentationScope'>

/** One event as one OTLP log record: body = msg, `eventName` and the attribute `event.name`. */
export function logRecord(
  event: LicenseEvent,
  writtenAt: number,
  { resource, instrumentationScope }: Surroundings,
): ReadableLogRecord {
  const attributes: Record<string, string | number> = {
    'event.name': event.event,
    'log.record.uid': event.id,
  }
  for (const [name, value] of Object.entries(event)) if (!own.has(name)) attributes[name] = value
  return {
    hrTime: hrTime(Date.parse(event.timestamp)),
    hrTimeObserved: [writtenAt, 0],
    severityNumber: severityNumbers[event.level],
    severityText: event.level,
    body: event.msg,
    eventName: event.event,
    attributes,
    droppedAttributesCount: 0,
    resource,
    instrumentationScope,
  }
}

function hrTime(ms: number): [seconds: number, nanoseconds: number] {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
