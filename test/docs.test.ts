import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../exporter/config/parse.ts'
import packageJson from '../package.json' with { type: 'json' }
import { blocks, commandLines, pages, programs } from './docs-blocks.ts'
import { tool } from './needs.ts'
import { type Serving, serve } from './package/serving.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const start = join(project, 'exporter/start.mjs')
const work = mkdtempSync(join(tmpdir(), 'license-exporter-docs-'))
const bin = join(work, 'bin')
const all = blocks(project)

/** Run for real. What changes the machine, needs a registry, a cluster or an engine is only read. */
const ours = ['license-exporter', 'lmutil', 'rlmutil', 'promtool', 'curl', 'mv', 'cat']
const services = /^license-exporter (demo|run)\b/
const promtool = tool('promtool')

const fixture = (path: string) => join(project, 'test/fixtures', path)
const script = (text: string) => `#!/bin/sh\n${text}\n`

let demo: Serving | undefined
beforeAll(async () => {
  mkdirSync(bin)
  const write = (name: string, text: string) =>
    writeFileSync(join(bin, name), script(text), { mode: 0o755 })
  write('license-exporter', `exec '${process.execPath}' '${start}' "$@"`)
  write('lmutil', `cat '${fixture('flexlm/healthy/lmstat.txt')}'`)
  // An answer that is an error must not pass.
  write('curl', 'exec /usr/bin/curl --fail-with-body "$@"')
  write('rlmutil', `cat '${fixture('rlm/healthy/rlmstat.txt')}'`)
  writeFileSync(join(work, 'license-exporter.toml'), '[api]\nbind_port = 0\n')
  writeFileSync(join(work, 'debug.log'), debugLog)
  cpSync(join(project, 'provisioning/prometheus'), join(work, 'provisioning/prometheus'), {
    recursive: true,
  })
  demo = await serve([process.execPath, start, 'demo', '--port', '0'])
}, 120_000)
afterAll(async () => {
  await demo?.stop()
  rmSync(work, { recursive: true, force: true })
})

const debugLog = `10:00:00 (lmgrd) TIMESTAMP 1/15/2024
10:00:01 (adskflex) OUT: "ACAD" ann@host1
11:00:01 (adskflex) IN: "ACAD" ann@host1
`

const shell = all.filter(({ language }) => language === 'sh')
const lines = shell.flatMap(({ page, text }) => commandLines(text).map(line => ({ page, line })))
// <name> stands for what the reader knows.
const isOurs = (line: string) =>
  programs(line).every(one => ours.includes(one)) && !/<\w[^>]*>/.test(line)
const withPromtool = (line: string) => promtool || !programs(line).includes('promtool')

describe('commands in the documentation', () => {
  test('are what a shell understands', () => {
    expect(shell.length).toBeGreaterThan(15)
    for (const { page, text } of shell) {
      const { stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
      expect(stderr, page).toBe('')
    }
  })

  test.each(lines.filter(({ line }) => isOurs(line) && !services.test(line) && withPromtool(line)))(
    '$page: $line',
    ({ line }) => {
      // The demo's only key is called so.
      const input = line
        .replaceAll(/http:\/\/(127\.0\.0\.1|localhost):8080/g, demo!.url)
        .replace('"grafana:$KEY"', '"demo:$KEY"')
      const streams = /^curl -N /.test(line)
      const [, key = ''] = /Bearer ([\w-]+)/.exec(demo!.output()) ?? []
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['--norc', '-o', 'pipefail', '-c', input],
        {
          cwd: work,
          encoding: 'utf8',
          // A stream goes on until somebody ends it.
          timeout: streams ? 4000 : 60_000,
          env: { PATH: `${bin}:/usr/bin:/bin`, KEY: key },
        },
      )
      // The demo has servers that are down: 1 is what `status` then says.
      const allowed = streams ? [null] : /license-exporter status/.test(line) ? [0, 1] : [0]
      expect(allowed, `${stdout.slice(-500)}${stderr.slice(-500)}`).toContain(status)
      if (!/ > |^mv /.test(line)) expect(stdout.length).toBeGreaterThan(0)
    },
    90_000,
  )

  test.each(lines.filter(({ line }) => services.test(line)))(
    '$page: $line serves',
    async ({ line }) => {
      const [, ...args] = line.split(/\s+/)
      if (args[0] === 'demo') args.push('--port', '0')
      const env = { PATH: '/usr/bin:/bin' }
      const child = spawn(process.execPath, [start, ...args], { cwd: work, env })
      let errors = ''
      child.stderr.on('data', data => {
        errors += data
      })
      const ended = once(child, 'exit')
      // It can be stopped before it says its first word; a busy machine is late with that.
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended])
      child.kill('SIGTERM')
      child.stdout.resume()
      expect((await ended)[0], errors).toBe(0)
    },
    60_000,
  )

  test('name npm scripts, files and overlays that exist', () => {
    for (const { page, line } of lines) {
      for (const [, name] of line.matchAll(/npm run ([\w:-]+)/g)) {
        expect(packageJson.scripts, page).toHaveProperty([name!])
      }
      for (const [path] of line.matchAll(/(?<![\w/])provisioning\/[\w./-]+/g)) {
        expect(existsSync(join(project, path)), `${page}: ${path}`).toBe(true)
      }
    }
  })
})

describe('pages', () => {
  test.each(pages(project))('%s links to files and headings that exist', page => {
    const text = readFileSync(join(project, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#')
      const file = path === '' ? join(project, page) : join(project, dirname(page), path)
      expect(existsSync(file), `${page}: ${target}`).toBe(true)
      if (heading) expect(headings(file), `${page}: ${target}`).toContain(heading)
    }
  })

  test('show configurations that are accepted', () => {
    for (const { page, text } of all.filter(({ language }) => language === 'toml')) {
      // A key of a table shown alone is told by the page around it.
      const { config } = parseConfig(text, page, { env: {} })
      expect(config.server).toBeDefined()
    }
  })
})

function headings(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  )
}
