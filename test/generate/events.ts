import { type EventDefinition, events } from '../../exporter/catalogue.ts'
import { row } from './metrics.ts'

/** docs/events.md */
export function eventsPage(): string {
  const all = Object.entries(events) as [string, EventDefinition][]
  return [
    '# Events',
    '<!-- Made from exporter/catalogue.ts by `npm run generate`. -->',
    'One flat object everywhere, on standard output, `/api/v1/events` and the stream: `timestamp` (RFC 3339, UTC), `level`, `msg`, `event`, `id`, `severity`, then the attributes. Over OTLP the body is `msg`, `eventName` and the attribute `event.name` are `event`, `log.record.uid` is `id`.',
    'An event tells a transition, once: not on every reading, and not again after a restart where `state_dir` is set.',
    [
      row('event', 'level', 'severity', 'attributes', 'meaning'),
      row('---', '---', '---', '---', '---'),
      ...all.map(([name, { level, severity, attributes, help }]) =>
        row(`\`${name}\``, level, severity, attributes.join(', '), help),
      ),
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n')
}
