import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type MetricName, metrics, sample } from '../exporter/catalogue.ts'
import { encode, families } from '../exporter/metrics/encode.ts'
import { expositionOf, stateOf, textOf } from './exposition-of.ts'
import { fixtures } from './fixtures.ts'
import { tool } from './needs.ts'
import { answered, checkout, feature, now, pool, snapshot } from './server-state.ts'

const promtool = tool('promtool')

/** What promtool finds, and why each may stay. */
const allowed = {
  'iosetu_license_days_remaining use base unit "seconds" instead of "days"':
    'documented name of the own license; iosetu_license_expiry_timestamp_seconds stands beside it',
}

/** The findings that are not listed; an input that cannot be read is one. */
function findings(text: string): string[] {
  const { stdout, stderr, status } = spawnSync(promtool!, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  const lines = `${stdout}${stderr}`.split('\n').filter(line => line !== '')
  if (status !== 0 && lines.length === 0) return [`exit code ${status}`]
  return lines.filter(line => !Object.hasOwn(allowed, line))
}

describe.skipIf(!promtool)('promtool check metrics', () => {
  test('finds nothing in any metric of the catalogue but the documented name', () => {
    const all = families.map(metric => {
      const values = metrics[metric].labels.map(label => [label, 'x'])
      return sample<MetricName>(metric, Object.fromEntries(values), 1)
    })
    const text = Buffer.concat([...encode(all, 'text')]).toString()
    expect(findings(text)).toEqual([])
    expect(findings(`${text}license_days 1\n`)).not.toEqual([])
  })

  test('finds nothing in odd names', async () => {
    const name = 'a "b" \\ c\nd {e="f"} \0 山 \r\t'
    const answer = snapshot({
      features: [feature(name, { issued: 2, used: 1 })],
      checkouts: [checkout(name, { user: name, host: name, startedAt: 1e9 })],
      pools: [pool('00000001', { feature: name, version: name })],
    })
    expect(findings(await textOf(expositionOf([answered(answer)], now)))).toEqual([])
  })

  test('finds nothing in the exposition of all fixtures', async () => {
    const good = fixtures().filter(({ throws }) => !throws)
    for (const one of good) {
      const text = await textOf(expositionOf([stateOf(one)], one.now))
      expect(findings(text), one.folder).toEqual([])
    }
    const states = good.map(one => ({ ...stateOf(one), name: `${one.manager}/${one.name}` }))
    expect(findings(await textOf(expositionOf(states, now)))).toEqual([])
  })
})
