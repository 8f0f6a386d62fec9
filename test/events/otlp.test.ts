import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tool } from '../needs.ts'
import { type Behaviour, type Collector, collector } from './collector.ts'
import { eventLog, folder, serverDown, until } from './support.ts'

async function answering(...answers: Behaviour[]): Promise<Collector> {
  const one = await collector(answers)
  onTestFinished(() => one.close())
  return one
}

/** Waits pass at once, and are noted. */
function impatient() {
  const waits: number[] = []
  return {
    waits,
    clock: {
      now: () => new Date(),
      sleep: (ms: number, signal: AbortSignal) => {
        waits.push(ms)
        return signal.aborted ? Promise.resolve() : new Promise<void>(done => setTimeout(done, 5))
      },
    },
  }
}

test('an event is one log record with its name, severity, body, id and attributes', async () => {
  const target = await answering(200)
  const { log, stdout } = await eventLog({
    url: target.url,
    env: {
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=prod,team=a%20b',
      OTEL_SERVICE_NAME: 'lic',
    },
  })
  const events = [
    log.emit(serverDown('cad')),
    log.emit({
      event: 'license_server.up',
      msg: 'up',
      attributes: { server: 'cad', manager: 'flexlm' },
    }),
    log.emit({
      event: 'license.expiring_30d',
      msg: 'License expiring',
      attributes: {
        days_remaining: 25,
        expires_at: '2026-03-10T19:30:00+05:30',
        customer: 'YourCompany',
      },
    }),
  ]
  await until(() => target.received.length === 3)
  expect(target.received.map(one => [one.id, one.event, one.eventName, one.body])).toEqual(
    events.map(({ id, event, msg }) => [id, event, event, msg]),
  )
  expect(target.received.map(one => [one.severity, one.severityText])).toEqual([
    [17, 'ERROR'],
    [9, 'INFO'],
    [13, 'WARN'],
  ])
  expect(target.received[2]?.attributes).toEqual({
    'event.name': 'license.expiring_30d',
    'log.record.uid': events[2]?.id,
    severity: 'warning',
    days_remaining: 25,
    expires_at: '2026-03-10T19:30:00+05:30',
    customer: 'YourCompany',
  })
  expect(target.received[0]?.resource).toEqual({
    'service.name': 'lic',
    'service.instance.id': 'exporter:8080',
    'deployment.environment': 'prod',
    team: 'a b',
  })
  expect(target.received[0]?.timeUnixNano).toBe(`${Date.parse(events[0]?.timestamp ?? '')}000000`)
  expect(target.requests[0]).toMatchObject({
    path: '/v1/logs',
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
  })
  expect(stdout.map(line => JSON.parse(line))).toEqual(events)
  expect(stdout[2]).toContain(
    '"level":"WARN","msg":"License expiring","event":"license.expiring_30d"',
  )
})

test.each<[string, Behaviour, string]>([
  ['429', 429, 'logs/status'],
  ['503', 503, 'logs/status'],
  ['500', 500, 'logs/status'],
  ['401', 401, 'logs/status'],
  ['a reset connection', 'reset', 'logs/refused'],
  ['no answer', 'hang', 'logs/timeout'],
  ['a page in HTML', 'html', 'logs/status'],
])('%s delays events and loses none', async (_, answer, error) => {
  const target = await answering(answer, answer, answer, answer, answer, answer, answer, 200)
  const { clock } = impatient()
  const { log, counts } = await eventLog({ url: target.url, clock, stateDir: folder() })
  const ids = [log.emit(serverDown('a')), log.emit(serverDown('b'))].map(({ id }) => id)
  await until(() => target.received.length >= 2, 25_000)
  expect(target.received.map(({ id }) => id)).toEqual(ids)
  expect(counts.errors[error]).toBeGreaterThan(0)
  expect(counts.dropped).toEqual({})
})

test('a collector that drips its answer is given up', async () => {
  const target = await answering('drip', 200)
  const { clock } = impatient()
  const { log, counts } = await eventLog({ url: target.url, clock })
  log.emit(serverDown('a'))
  await until(() => target.received.length >= 1 && counts.errors['logs/timeout'] === 1)
})

test('Retry-After says when to ask again', async () => {
  const target = await answering({ status: 429, retryAfter: '17' }, 200)
  const { clock, waits } = impatient()
  const { log } = await eventLog({ url: target.url, clock })
  log.emit(serverDown('a'))
  await until(() => target.received.length === 1)
  expect(waits).toEqual([17_000])
})

test('waits grow to five minutes and no further', async () => {
  const target = await answering(500)
  const { clock, waits } = impatient()
  const { log } = await eventLog({ url: target.url, clock })
  log.emit(serverDown('a'))
  await until(() => waits.length >= 12)
  expect(waits[0]).toBeLessThanOrEqual(1000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(300_000)
  expect(waits[11]).toBeGreaterThanOrEqual(240_000)
})

test('records that the collector rejects in part are counted and not sent again', async () => {
  const target = await answering({ rejected: 1 }, 200)
  const { log, counts, logged } = await eventLog({ url: target.url })
  log.emit(serverDown('a'))
  await until(() => counts.errors['logs/partial'] === 1)
  log.emit(serverDown('b'))
  await until(() => target.received.length === 2)
  expect(logged.join('')).toContain('too old')
})

test('a record that the collector never takes does not stop the others', async () => {
  const target = await answering(400, 400, 200)
  const { log, counts } = await eventLog({ url: target.url })
  for (const name of ['bad', 'good']) log.emit(serverDown(name))
  await until(() => target.received.length === 1)
  expect(target.received[0]?.attributes.server).toBe('good')
  expect(counts.errors['logs/partial']).toBe(1)
})

test.each<Behaviour>(['hang', 'drip', 503, 'reset'])(
  'closing ends within 5 s while the collector answers with %s',
  async answer => {
    const target = await answering(answer)
    const { log } = await eventLog({
      url: target.url,
      stateDir: folder(),
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' },
    })
    log.emit(serverDown('a'))
    await until(() => target.requests.length > 0)
    const begin = Date.now()
    await log.close()
    expect(Date.now() - begin).toBeLessThan(5500)
  },
)

test('what was emitted last is delivered before the end', async () => {
  const target = await answering(200)
  const { log } = await eventLog({ url: target.url, stateDir: folder() })
  log.emit(serverDown('a'))
  await log.close()
  expect(target.received).toHaveLength(1)
})

test.skipIf(!tool('openssl'))(
  'TLS with an own authority works, and without it nothing is sent',
  async () => {
    const dir = folder()
    const key = join(dir, 'key.pem')
    const cert = join(dir, 'cert.pem')
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    )
    const target = await collector([200], {
      key: readFileSync(key, 'utf8'),
      cert: readFileSync(cert, 'utf8'),
    })
    onTestFinished(() => target.close())
    const trusting = await eventLog({ url: target.url, otlp: { ca_file: cert } })
    trusting.log.emit(serverDown('a'))
    await until(() => target.received.length === 1)
    const doubting = await eventLog({ url: target.url })
    doubting.log.emit(serverDown('b'))
    await until(() => doubting.counts.errors['logs/tls'] === 1)
    expect(target.received).toHaveLength(1)
  },
)

test('a headers file authenticates, takes the place of the variable and is never logged', async () => {
  const target = await answering(200)
  const path = join(folder(), 'headers')
  writeFileSync(path, '# for the collector\nAuthorization: Bearer s3cret-token\nX-Scope-OrgID: 7\n')
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-old=1'
  onTestFinished(() => {
    delete process.env.OTEL_EXPORTER_OTLP_HEADERS
  })
  const { log, logged } = await eventLog({
    url: target.url,
    otlp: { headers_file: path },
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-old=1' },
  })
  log.emit(serverDown('a'))
  await until(() => target.received.length === 1)
  const { headers } = target.requests[0] ?? { headers: {} }
  expect(headers).toMatchObject({ authorization: 'Bearer s3cret-token', 'x-scope-orgid': '7' })
  expect(headers).not.toHaveProperty('x-old')
  expect(logged.join('')).not.toContain('s3cret')
})

test('a headers file that is not one is named with its line and without its text', async () => {
  const path = join(folder(), 'headers')
  writeFileSync(path, 'X-A: 1\ns3cret\n')
  const { logged } = await eventLog({ url: 'http://127.0.0.1:9', otlp: { headers_file: path } })
  expect(logged.join('')).toContain(`${path}:2`)
  expect(logged.join('')).not.toContain('s3cret')
})

test('a name that does not resolve delays events', async () => {
  const { clock } = impatient()
  const { log, counts } = await eventLog({ url: 'http://collector.invalid:4318', clock })
  log.emit(serverDown('a'))
  await until(() => (counts.errors['logs/refused'] ?? 0) > 0)
  expect(counts.dropped).toEqual({})
})
