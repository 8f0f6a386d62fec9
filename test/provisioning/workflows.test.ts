import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import appJson from '../../grafana-plugin/package.json' with { type: 'json' }
import packageJson from '../../package.json' with { type: 'json' }
import { versioned } from '../../provisioning/package/set-version.ts'

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

describe('the version', () => {
  test('is that of package.json in every file', () => {
    for (const { file, before, after } of versioned(project, packageJson.version)) {
      expect(before, `${file}: npm version writes it`).toBe(after)
    }
  })

  test('is written into every file by npm version', () => {
    for (const { file, before, after } of versioned(project, '98.76.54')) {
      expect(after, file).not.toBe(before)
      expect(after.replaceAll('98.76.54', packageJson.version)).toBe(before)
    }
  })

  test('is known to the change logs', () => {
    for (const file of ['CHANGELOG.md', 'grafana-plugin/CHANGELOG.md']) {
      const changes = readFileSync(join(project, file), 'utf8')
      const headings = changes.split('\n').filter(line => line.startsWith('## '))
      expect(headings.map(line => line.split(' ')[1])).toContain(packageJson.version)
    }
  })
})
