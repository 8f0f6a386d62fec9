import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exitCode, type StatusData } from '../../exporter/cli/status-data.ts'
import { statusText } from '../../exporter/cli/status-view.ts'

const golden = (name: string) => fileURLToPath(new URL(`goldens/${name}`, import.meta.url))
const now = new Date('2026-11-22T12:00:00Z')
const plain = { now, paint: (_: string, text: string) => text, most: 20 }

const subject = { server: 'cad', vendor: 'acmed' }
const data: StatusData = {
  at: now.toISOString(),
  servers: [
    { server: 'cad', manager: 'flexlm', up: true, at: '2026-11-22T11:59:48Z' },
    {
      server: 'simulation',
      manager: 'rlm',
      up: false,
      reason: 'connect',
      at: '2026-11-22T11:55:00Z',
    },
    { server: 'render', manager: 'sesinetd', reason: 'tool_missing', at: '2026-11-20T12:00:00Z' },
    { server: 'new', manager: 'rlm' },
  ],
  features: [
    { ...subject, feature: 'idle', counting: 'counted', seats: { issued: 40, used: 0 } },
    {
      ...subject,
      feature: 'full',
      product: 'Solid',
      counting: 'counted',
      seats: { issued: 8, used: 8 },
    },
    { ...subject, feature: 'some', counting: 'counted', seats: { issued: 100, used: 1 } },
    { ...subject, feature: 'most', counting: 'counted', seats: { issued: 100, used: 99 } },
    { ...subject, feature: 'over', counting: 'counted', seats: { issued: 4, used: 6 } },
    { ...subject, feature: 'free', counting: 'uncounted', seats: { used: 3 } },
    { ...subject, feature: 'dark', counting: 'counted', seats: {} },
    { ...subject, feature: 'gone', counting: 'counted', seats: { issued: 0, used: 0 } },
  ],
  pools: [
    {
      ...subject,
      feature: 'full',
      pool: 'a',
      version: '2.0',
      seats: 8,
      expires_at: '2026-12-12T23:59:59Z',
      permanent: false,
    },
    {
      ...subject,
      feature: 'some',
      pool: 'b',
      version: '1',
      seats: 5,
      expires_at: '2026-11-20T23:59:59Z',
      permanent: false,
    },
    {
      ...subject,
      feature: 'most',
      pool: 'c',
      version: '1',
      expires_at: '2027-11-20T23:59:59Z',
      permanent: false,
    },
    { ...subject, feature: 'idle', pool: 'd', version: '1', seats: 40, permanent: true },
  ],
}

describe('the view of status', () => {
  test('shows servers, use by share and pools by expiry', async () => {
    await expect(statusText(data, plain)).toMatchFileSnapshot(golden('status.txt'))
  })

  test('marks what is down, full and ending', async () => {
    const paint = (style: string, text: string) => `<${style}>${text}</${style}>`
    await expect(statusText(data, { ...plain, paint })).toMatchFileSnapshot(
      golden('status-marked.txt'),
    )
  })

  test('cuts long lists and says by how many', () => {
    const text = statusText(data, { ...plain, most: 2 })
    expect(text).toContain('… and 6 more features; --all shows them')
    expect(text).toContain('… and 1 more pools; --all shows them')
  })

  test('an unknown figure is empty, never 0', () => {
    expect(statusText(data, plain)).toMatch(/^dark +cad$/m)
  })

  test('a name with an escape sequence is harmless', () => {
    const evil = { ...data, features: [{ ...data.features[0]!, feature: 'x\u001b[2Jy' }] }
    expect(statusText(evil, plain)).toContain('x?[2Jy')
  })

  test('without servers says so', () => {
    const none = { at: now.toISOString(), servers: [], features: [], pools: [] }
    expect(statusText(none, plain)).toBe('no license servers are configured\n')
  })

  test('the exit code is 0 only if every server is up', () => {
    expect(exitCode(data)).toBe(1)
    expect(exitCode({ ...data, servers: data.servers.slice(0, 1) })).toBe(0)
    expect(exitCode({ ...data, servers: data.servers.slice(3) })).toBe(1)
  })
})
