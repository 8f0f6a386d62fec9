/**
 * One life of an event log for spool-kill.ts: emits events without end, says which are on disk, and
 * is killed at some moment. Arguments: state folder, URL of the collector, first number; without a
 * number it only sends what is left.
 */
import { writeSync } from 'node:fs'
import { configSchema } from '../../exporter/config/schema.ts'
import { createEventLog } from '../../exporter/events/log.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'
import { createLogger } from '../../exporter/log.ts'

const [stateDir = '', url = '', first] = process.argv.slice(2)
const config = configSchema.parse({ otlp: { endpoint: url } })
const say = (line: string) => writeSync(1, `${line}\n`)
const log = await createEventLog({
  events: config.events,
  stateDir,
  otlp: otlpSettings({ OTEL_EXPORTER_OTLP_TIMEOUT: '500' }, config.otlp, 'kill:0').logs,
  resource: {},
  instruments: {
    event() {},
    eventsDropped: (reason, count) => say(`dropped ${reason} ${count}`),
    otlpError() {},
  },
  log: createLogger({ level: 'error', format: 'json' }),
  write() {},
  // What fails is tried again soon: many sends and cuts in a short life.
  clock: {
    now: () => new Date(),
    sleep: ms => new Promise(done => setTimeout(done, Math.min(ms, 20))),
  },
})

say('begin')
if (first === undefined) await new Promise(done => setTimeout(done, 60_000))
for (let number = Number(first); ; ) {
  const burst = 1 + Math.floor(Math.random() * 40)
  for (let i = 0; i < burst; i++, number++) {
    log.emit(
      {
        event: 'license_server.down',
        msg: 'License server is down',
        attributes: { server: `s${number % 3}`, manager: 'flexlm', reason: String(number) },
      },
      { id: `event-${number}` },
    )
  }
  await log.flush()
  say(`taken ${number}`)
  await new Promise(done => setTimeout(done, Math.random() * 10))
}
