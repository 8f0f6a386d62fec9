import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** docs/security.md promises a test for each risk: each is there, by its file and its words. */
const project = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${project}docs/security.md`, 'utf8')
const rows = [...text.matchAll(/^\| (?!risk|-)(.+?) +\| .*\| (.+?) *\|$/gm)]

it('the table has the risks of the documentation and more', () => {
  const risks = rows.map(([, risk]) => risk)
  expect(risks.length).toBeGreaterThan(12)
  for (const risk of [
    'API key exposed',
    'Unauthorised access',
    'Data intercepted',
    'Denial of service',
    'Command injection',
    'Session hijacking',
  ]) {
    expect(risks).toContain(risk)
  }
})

it.each(rows.map(([, risk, shown]) => [risk!, shown!]))('%s is shown by tests', (_, shown) => {
  const named = [...shown.matchAll(/`(test\/[\w/.-]+)`: “(.+?)”/g)]
  expect(named.length).toBeGreaterThan(0)
  expect(shown.split('; `test/')).toHaveLength(named.length)
  for (const [, file, title] of named) {
    expect([file, existsSync(project + file!)]).toEqual([file, true])
    const source = readFileSync(project + file!, 'utf8')
    const titles = [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(([, one]) => one!)
    const found = titles.some(one => one.includes(title!))
    expect([file, title, found]).toEqual([file, title, true])
  }
})
