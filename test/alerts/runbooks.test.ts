import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../exporter/cli/commands.ts'
import { alertRules } from './rules.ts'

const folder = new URL('../../alerts/runbooks/', import.meta.url)
const files = readdirSync(folder)
const vendors = readFileSync(new URL('../../docs/vendors.md', import.meta.url), 'utf8')
const listed = [...vendors.matchAll(/^\| `([^`]+)`/gm)].map(([, command]) => command!)

/** Programs of the system that a runbook may use without an explanation. */
const common = [
  'curl',
  'grep',
  'ls',
  'df',
  'journalctl',
  'systemctl',
  'timedatectl',
  'chronyc',
  'promtool',
]

test('there is one runbook for each alert and no other', () => {
  expect(files.sort()).toEqual(alertRules.map(({ alert }) => `${alert}.md`).sort())
})

test.each(files)('%s says what it means, what it does, how to see and what to do', file => {
  const text = readFileSync(new URL(file, folder), 'utf8')
  expect(text.startsWith(`# ${file.replace('.md', '')}\n`)).toBe(true)
  const sections = text.split(/^## /m).slice(1)
  expect(sections.map(section => section.split('\n')[0])).toEqual([
    'Meaning',
    'Impact',
    'Diagnosis',
    'Mitigation',
  ])
  for (const section of sections)
    expect(section.split('\n').slice(1).join('').length).toBeGreaterThan(4)
  expect(commandsOf(sections[2] ?? '').length, 'a first command that tells').toBeGreaterThan(0)
})

test.each(files)('%s names only commands that exist', file => {
  const text = readFileSync(new URL(file, folder), 'utf8')
  expect(commandsOf(text).map(problemOf).filter(Boolean)).toEqual([])
})

test.each([
  ['license-exporter statuss', 'no command statuss'],
  ['license-exporter status --colour', 'status has no --colour'],
  ['lmutil lmdown -c 27000@lic1', 'lmutil lmdown is not in docs/vendors.md'],
  ['rm -rf /', 'rm is not in docs/vendors.md'],
])('%s is noticed', (line, problem) => {
  expect(problemOf(line)).toBe(problem)
})

/** The lines of all `sh` blocks, each pipe a line of its own. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!)
  return blocks.flatMap(block => block.trim().split(/\n| \| /))
}

function problemOf(line: string): string | undefined {
  const [program = '', second = '', ...rest] = line.split(' ')
  if (program === 'license-exporter') {
    const command = commands.find(({ name, hidden }) => name === second && !hidden)
    if (!command) return `no command ${second}`
    const wrong = rest.find(word => word.startsWith('--') && !command.usage?.includes(word))
    return wrong && `${second} has no ${wrong}`
  }
  if (common.includes(program) || listed.includes(program)) return undefined
  const both = `${program} ${second}`
  if (listed.includes(both)) return undefined
  const known = listed.some(one => one.startsWith(`${program} `))
  return `${known ? both : program} is not in docs/vendors.md`
}
