import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { tool } from '../needs.ts'
import { check } from '../promql/check.ts'
import { alertRules, withRecorded } from './rules.ts'

const amtool = tool('amtool')
const path = fileURLToPath(new URL('../../alerts/alertmanager.yml', import.meta.url))
const config = parse(readFileSync(path, 'utf8')) as {
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[]
}

describe.skipIf(!amtool)('amtool', () => {
  test('accepts the configuration', () => {
    const { status, stdout, stderr } = spawnSync(amtool!, ['check-config', path], {
      encoding: 'utf8',
    })
    expect(status, `${stdout}${stderr}`).toBe(0)
  })

  test.each([
    ['severity=critical', 'license-pager'],
    ['severity=warning', 'license-tickets'],
    ['severity=info', 'license-digest'],
    ['team=other', 'license-tickets'],
  ])('%s goes to %s', (label, receiver) => {
    const verify = ['config', 'routes', 'test', `--config.file=${path}`]
    const { status } = spawnSync(amtool!, [...verify, `--verify.receivers=${receiver}`, label])
    expect(status).toBe(0)
    expect(spawnSync(amtool!, [...verify, '--verify.receivers=nobody', label]).status).not.toBe(0)
  })
})

const known = withRecorded()
const labelsOf = new Map(
  alertRules.map(({ alert, expr }) => [alert, check(expr, { series: known }).type.labels]),
)

/** Alerts that one matcher on the name means. */
function named(matchers: readonly string[]): string[] {
  const [, operator, value = ''] = /^alertname(=~|=)"(.*)"$/.exec(matchers.join()) ?? []
  const pattern = operator === '=~' ? new RegExp(`^(?:${value})$`) : undefined
  return [...labelsOf.keys()].filter(name => (pattern ? pattern.test(name) : name === value))
}

describe('an inhibition', () => {
  test.each(config.inhibit_rules)('of $target_matchers by $source_matchers can work', rule => {
    const sources = named(rule.source_matchers)
    const targets = named(rule.target_matchers)
    expect(sources.length).toBeGreaterThan(0)
    expect(targets.length).toBeGreaterThan(0)
    for (const label of rule.equal) {
      for (const name of [...sources, ...targets]) {
        expect(labelsOf.get(name)?.has(label), `${name} has no ${label}`).toBe(true)
      }
    }
  })

  test('names only alerts that exist', () => {
    const text = readFileSync(path, 'utf8')
    const words = text.matchAll(/\b(?:IOSetu)?License[A-Z]\w+(?!\.)\b/g)
    expect([...words].map(([word]) => word).filter(word => !labelsOf.has(word))).toEqual([])
  })

  test('never lets one alert silence itself', () => {
    for (const { source_matchers, target_matchers } of config.inhibit_rules) {
      const targets = named(target_matchers)
      expect(named(source_matchers).filter(name => targets.includes(name))).toEqual([])
    }
  })
})
