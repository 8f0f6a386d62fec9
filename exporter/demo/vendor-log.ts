import { clockTime, parts, two } from './clock.ts'
import { happenings, type SimulatedEvent, sessions } from './simulation.ts'
import type { DemoFeature, DemoServer } from './site.ts'

const hour = 3600

/** Lines of the server's debug log for (from, to], each with its end. */
export function vendorLog(server: DemoServer, from: number, to: number): string {
  if (server.manager === 'flexlm') return flexlm(server, from, to)
  return server.manager === 'rlm' ? rlm(server, from, to) : sesinetd(server, from, to)
}

/** Lines of what is out already when a log begins; without them it is out for nobody who reads it. */
export function beginOfLog(server: DemoServer, at: number): string {
  const held = server.features.flatMap(feature =>
    sessions(feature, at).map((session): SimulatedEvent => ({ at, feature, kind: 'OUT', session })),
  )
  if (server.manager === 'flexlm') return timestamp(at) + held.map(flexlmLine).join('')
  return server.manager === 'rlm' ? held.map(event => rlmLine(server, event)).join('') : ''
}

function flexlm(server: DemoServer, from: number, to: number): string {
  let text = ''
  let stamped = from
  for (const event of happenings(server, from, to)) {
    if (Math.floor(event.at / hour) !== Math.floor(stamped / hour)) text += timestamp(event.at)
    stamped = event.at
    text += flexlmLine(event)
  }
  return text
}

function flexlmLine(event: SimulatedEvent): string {
  const { at, kind, feature } = event
  const person = kind === 'DENIED' ? event : event.session
  const seats =
    kind !== 'DENIED' && event.session.seats > 1 ? `  (${event.session.seats} licenses)` : ''
  const refused = kind === 'DENIED' ? '  (Licensed number of users already reached. (-4,342))' : ''
  return `${stamp(at)} (${feature.vendor}) ${kind}: "${feature.name}" ${person.user}@${person.host}${seats}${refused}\n`
}

/** lmgrd writes the hour without a leading zero. */
function stamp(at: number): string {
  return clockTime(at).replace(/^0/, ' ')
}

/** The only lines with a date: all others live from the last of them. */
export function timestamp(at: number): string {
  const { month, day, year } = parts(at)
  return `${stamp(at)} (lmgrd) TIMESTAMP ${month}/${day}/${year}\n`
}

function rlm(server: DemoServer, from: number, to: number): string {
  let text = ''
  for (const event of happenings(server, from, to)) text += rlmLine(server, event)
  return text
}

function rlmLine(server: DemoServer, event: SimulatedEvent): string {
  const isv = server.vendors[0]?.name ?? 'isv'
  const { month, day, hour: h, minute } = parts(event.at)
  const when = `${two(month)}/${two(day)} ${two(h)}:${two(minute)} (${isv})`
  const what = `${event.feature.name} v${event.feature.version}`
  if (event.kind === 'DENIED') return `${when} DENIED: (1) ${what} to ${event.user}@${event.host}\n`
  return `${when} ${event.kind}: ${what} by ${event.session.user}@${event.session.host}\n`
}

/** sesinetd tells its peaks once an hour. */
function sesinetd(server: DemoServer, from: number, to: number): string {
  let text = ''
  for (let at = Math.floor(from / hour) * hour + hour; at <= to; at += hour) {
    const { month, day, year } = parts(at)
    const when = `${clockTime(at)} ${two(month)}/${two(day)}/${two(year % 100)} sesinetd:`
    const [houdini = 0, render = 0] = server.features.map(one => sessions(one, at).length)
    const [peak = 0, peakRender = 0] = server.features.map(one => peakOf(one, at))
    text += `${when} Usage: ${houdini}/0/${render} Houdini/NonGraphic/Render [Peak ${peak}/0/${peakRender}]\n`
    text += `${when} QueueStats: ${Math.floor((at % 604_800) / 60)} requests 1/${Math.floor((at % 604_800) / (6 * hour))} peak/fail\n`
  }
  return text
}

function peakOf(feature: DemoFeature, at: number): number {
  let peak = 0
  for (let t = at - hour; t <= at; t += 300) peak = Math.max(peak, sessions(feature, t).length)
  return peak
}
