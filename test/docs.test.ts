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
import appJson from '../grafana-plugin/package.json' with { type: 'json' }
import packageJson from '../package.json' with { type: 'json' }
import { blocks, commandLines, pages, programs } from './docs-blocks.ts'
import { tool } from './needs.ts'
import { type Serving, serve } from './package/serving.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const start = join(project, 'exporter/start.mjs')
const work = mkdtempSync(join(tmpdir(), 'license-exporter-docs-'))
const bin = join(work, 'bin')
const all = blocks(project)

/** Run for real, one by one. */
const ours = ['license-exporter', 'lmutil', 'rlmutil', 'promtool', 'curl', 'mv', 'cat']
/** Only read, and why. */
const others: Readonly<Record<string, string>> = {
  'KEY=$(cat grafana.key)': 'the key of the demo stands in its place',
  'npm ci': 'what runs this test began with it',
  'npm test': 'is this test and the others',
  'npm start': 'run in test/cli/main.test.ts as the script has it',
  'npm run': 'a check of its own; that the script exists is tested here',
  'npm install': 'needs the registry; the packed file is installed in test/package',
  alias: 'a shorter name for the lines that follow it',
  app: 'a check of the Grafana app; that the script exists is tested here',
  'npm --prefix grafana-plugin':
    'steps of their own in .ci/run; that the script exists is tested here',
  npx: 'needs the registry; the packed file is installed in test/package',
  '/tmp/license-exporter': 'the executable, run in test/package/binary.test.ts',
  install: 'changes the machine',
  systemctl: 'changes the machine; the unit is read in test/provisioning/systemd.test.ts',
  'systemd-analyze': 'run in test/provisioning/systemd.test.ts where it is installed',
  docker: 'needs an engine; where there is one, npm run test:image builds and runs the image',
  kubectl: 'needs a cluster; the overlays are built in test/provisioning/kubernetes.test.ts',
  go: 'needs the Go modules of a collector',
  builder: 'needs the Go modules of a collector',
  'OTELCOL_BIN=$PWD/otelcol/otelcol': 'runs a test of this project with that collector',
  'promtool tsdb create-blocks-from openmetrics --max-block-duration=744h': 'writes to /var/lib',
  'license-exporter parse --manager <manager>': 'the reader knows the name of the manager',
}
const services = /^license-exporter (demo|run)\b/
/** Whoever copies a line has these; a machine that lacks one cannot try it. */
const brought = { curl: tool('curl'), promtool: tool('promtool') }

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
  if (brought.curl) write('curl', `exec '${brought.curl}' --fail-with-body "$@"`)
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
/** A loop, or a text for a program's stdin: its lines are nothing alone. */
const isWhole = ({ text }: { text: string }) => /^while |<<\s?['"]?\w/m.test(text)
const lines = shell
  .filter(block => !isWhole(block))
  .flatMap(({ page, text }) => commandLines(text).map(line => ({ page, line })))
// <name> stands for what the reader knows.
const isOurs = (line: string) =>
  programs(line).every(one => ours.includes(one)) && reasonNotTo(line) === undefined
const reasonNotTo = (line: string) =>
  Object.entries(others).find(([start]) => line === start || line.startsWith(`${start} `))?.[1]
const isThere = (line: string) =>
  programs(line).every(one => !(one in brought) || brought[one as keyof typeof brought])

describe('commands in the documentation', () => {
  test('are what a shell understands', () => {
    expect(shell.length).toBeGreaterThan(15)
    for (const { page, text } of shell) {
      const { stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
      expect(stderr, page).toBe('')
    }
  })

  test.each(lines.filter(({ line }) => isOurs(line) && !services.test(line) && isThere(line)))(
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

  test('are run, or it is known why not', () => {
    const unknown = lines.filter(({ line }) => !isOurs(line) && !reasonNotTo(line))
    expect(unknown).toEqual([])
    const unused = Object.keys(others).filter(
      start => !shell.some(({ text }) => commandLines(text).some(line => line.startsWith(start))),
    )
    expect(unused, 'reasons for commands that no page has').toEqual([])
    // Without its language a block would not be looked at.
    const plain = pages(project).flatMap(page => {
      const text = readFileSync(join(project, page), 'utf8').replaceAll(
        /^ *```\w+\n[\s\S]*?^ *```$/gm,
        '',
      )
      return text.match(/^ *\$ .*$/gm) ?? []
    })
    expect(plain).toEqual([])
  })

  const loops = shell.filter(block => /^while /m.test(block.text))
  test.runIf(tool('jq')).each(loops)('$page: its loop ends', ({ text }) => {
    const [, key = ''] = /Bearer ([\w-]+)/.exec(demo!.output()) ?? []
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--norc', '-c', text.replaceAll('http://127.0.0.1:8080', demo!.url)],
      { cwd: work, encoding: 'utf8', timeout: 60_000, env: { PATH: '/usr/bin:/bin', KEY: key } },
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n').length).toBeGreaterThan(5)
  })

  test('name npm scripts, files and overlays that exist', () => {
    for (const { page, line } of lines) {
      for (const [, name] of line.matchAll(/npm run ([\w:-]+)/g)) {
        expect(packageJson.scripts, page).toHaveProperty([name!])
      }
      for (const [, name] of line.matchAll(/\b(?:app|grafana-plugin) run ([\w:-]+)/g)) {
        expect(appJson.scripts, page).toHaveProperty([name!])
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
