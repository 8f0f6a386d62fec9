import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDenials, type EventNames } from '../../exporter/events/denials.ts'
import type { LogEntry } from '../../exporter/model.ts'
import { collector } from './collector.ts'
import { eventLog, folder, until } from './support.ts'

const canaries = [
  'kanarienvogel smith',
  'kanarienvogel"quoted\'',
  'kanarienvögel',
  '"} 1\nkanarienvogel',
]
const canary = /kanarienv|"\} 1/

const hashed = (name?: string) =>
  name && createHmac('sha256', 'key').update(name).digest('hex').slice(0, 12)

test.each<[string, EventNames]>([
  ['dropped', { user: () => undefined, host: () => undefined }],
  ['hashed', { user: hashed, host: hashed }],
])('names that are %s are in no event, line, spool or state', async (_, names) => {
  const target = await collector([503, 503, 200])
  onTestFinished(() => target.close())
  const stateDir = folder()
  const { log, stdout, logged } = await eventLog({ url: target.url, stateDir })
  const start = Date.UTC(2026, 0, 5) / 1000
  const denials = createDenials(
    { name: 'cad', manager: 'flexlm' },
    names,
    () => new Date(start * 1000),
  )
  for (const [offset, user] of canaries.entries()) {
    const entry: LogEntry = {
      kind: 'denial',
      at: start,
      vendor: 'v',
      feature: 'f',
      user,
      host: `${user}-pc`,
      reason: 'no_seats',
    }
    denials.add({ entry, path: '/l', fingerprint: 'f', offset, id: `id${offset}` })
  }
  const resume = () => denials.open().map(({ offset }) => offset)
  log.keep({ positions: () => ({ cad: resume() }) })
  for (const { draft, carried } of denials.take(new Date((start + 99) * 1000), resume))
    log.emit(draft, carried)
  await log.flush()
  await log.checkpoint()
  const onDisk = files(stateDir)
    .map(path => readFileSync(path, 'utf8'))
    .join('')
  expect(onDisk).toContain('license_feature.denied')
  await until(() => target.received.length === canaries.length)
  const everything = [
    ...stdout,
    ...logged,
    onDisk,
    ...target.requests.map(({ body }) => body.toString('utf8')),
    JSON.stringify(log.recent()),
  ].join('\n')
  expect(everything).not.toMatch(canary)
  expect(everything.normalize('NFD')).not.toMatch(canary)
})

function files(path: string): string[] {
  return readdirSync(path).flatMap(name => {
    const found = join(path, name)
    return statSync(found).isDirectory() ? files(found) : [found]
  })
}
