import { type EventDraft, events } from '../../exporter/catalogue.ts'

/** One event of every kind, every attribute set. */
export function everyEvent(): EventDraft[] {
  return Object.entries(events).map(([event, { attributes }]) => ({
    event,
    msg: `About ${event}`,
    attributes: Object.fromEntries(
      attributes.map((name, index) => [name, index % 2 ? index + 0.5 : `${name} "quoted" é`]),
    ),
  })) as EventDraft[]
}
