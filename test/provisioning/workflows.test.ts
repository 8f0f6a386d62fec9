import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import appJson from '../../grafana-plugin/package.json' with { type: 'json' }
import packageJson from '../../package.json' with { type: 'json' }

const project = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(project, '.github/workflows')

interface Workflow {
  permissions?: Record<string, string>
  jobs: Record<string, { steps: { run?: string; uses?: string; 'working-directory'?: string }[] }>
}

const workflows = readdirSync(folder).map(name => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
  workflow: parse(readFileSync(join(folder, name), 'utf8')) as Workflow,
}))

describe.each(workflows)('.github/workflows/$name', ({ name, text, workflow }) => {
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps)

  test('may only read, except where a job says otherwise', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })

  test('runs npm scripts, files and Dockerfiles that exist', () => {
    if (name !== 'plugin.yml') {
      const scripts = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run ([\w:-]+)/g)])
      for (const [, script] of scripts) expect(packageJson.scripts).toHaveProperty([script!])
    }
    const ofTheApp = [...text.matchAll(/npm --prefix grafana-plugin run ([\w:-]+)/g)]
    for (const [, script] of ofTheApp) expect(appJson.scripts).toHaveProperty([script!])
    const files = [...text.matchAll(/(?:file: |run: )((?:provisioning|\.ci)\/\S+)/g)]
    for (const [, file] of files) expect(existsSync(join(project, file!)), file).toBe(true)
  })

  test('pins every action to a version, and puts no text of strangers into a shell', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@v\d+$/)
    const scripts = steps.map(({ run = '' }) => run).join('\n')
    expect(scripts).not.toMatch(/\$\{\{\s*github\.(event|head_ref)/)
  })
})

test('the version stands in one place, and the change log knows it', () => {
  const changes = readFileSync(join(project, 'CHANGELOG.md'), 'utf8')
  expect(changes).toContain(`## ${packageJson.version} / `)
})
