import { expect, test } from 'vitest'
import { createLogger, withFields } from '../exporter/log.ts'

const now = () => new Date('2026-01-05T12:00:00Z')

function logger(format: 'json' | 'text', level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = []
  return { log: createLogger({ level, format, now, write: line => void lines.push(line) }), lines }
}

test('a line is one JSON object with time, level and message', () => {
  const { log, lines } = logger('json')
  withFields(log, { correlation_id: 'abc' }).info('Server read', { server: 'cad', seconds: 0.1 })
  expect(lines).toEqual([
    '{"timestamp":"2026-01-05T12:00:00.000Z","level":"INFO","msg":"Server read","correlation_id":"abc","server":"cad","seconds":0.1}\n',
  ])
})

test('text is one line too, whatever the fields hold', () => {
  const { log, lines } = logger('text')
  log.warn('A\nB', { server: 'x y', bad: '"} 1\n', none: undefined })
  expect(lines).toEqual(['2026-01-05T12:00:00.000Z WARN  A B server="x y" bad="\\"} 1\\n"\n'])
})

test('levels below the configured one are left out', () => {
  const { log, lines } = logger('json', 'warn')
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  expect(lines).toHaveLength(2)
})

test.each([
  'token eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJJIn0.c2lnbmF0dXJl',
  'Authorization: Bearer canary-secret',
  'authorization=Basic Y2FuYXJ5LXNlY3JldA==',
  'GET http://user:canary-secret@host/x',
  'x-api-key: canary-secret',
  '{"password":"canary-secret"}',
  'https://h/?access_token=canary-secret&a=1',
  '-----BEGIN PRIVATE KEY-----\ncanary-secret\n-----END PRIVATE KEY-----',
])('a secret is redacted wherever it stands: %s', text => {
  const secret = /canary-secret|eyJpc3Mi|c2lnbmF0|Y2FuYXJ5/
  for (const format of ['json', 'text'] as const) {
    const { log, lines } = logger(format)
    log.error(text, {
      error: new Error(text),
      deep: { list: [text] },
      authorization: 'canary-secret',
    })
    expect(lines.join('')).not.toMatch(secret)
    expect(lines).toHaveLength(1)
  }
})

test('what cannot be written does not stop anything', () => {
  const log = createLogger({
    level: 'info',
    format: 'json',
    write() {
      throw new Error('EPIPE')
    },
  })
  expect(() => log.info('x', { big: 1n })).not.toThrow()
})
