import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../exporter/cli/commands.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { program, start } from './program.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'license-exporter-main-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the command line', () => {
  test('--help names every command and ends well', async () => {
    const { code, stdout, stderr } = await program(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const { name, summary } of commands.filter(({ hidden }) => !hidden)) {
      expect(stdout).toContain(`  ${name}`)
      expect(stdout).toContain(summary)
    }
    expect(stdout).not.toContain('demo-tool')
  })

  test('--help after a command shows its options', async () => {
    const { code, stdout } = await program(['parse', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--anonymise')
  })

  test('--version is that of the package', async () => {
    const { code, stdout } = await program(['--version'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `license-exporter ${packageJson.version}\n`,
    })
  })

  test('the flag of npm start stands before any command', async () => {
    expect(await program(['--npm-start', '--version'])).toMatchObject({ code: 0 })
    expect(await program(['--npm-start', 'status', '--jsn'])).toMatchObject({ code: 2 })
  })

  const wrong = [
    [['statsu'], 'unknown command "statsu"; did you mean status?'],
    [['frobnicate'], 'unknown command "frobnicate"; license-exporter --help lists them'],
    [['--confg', 'x'], 'unknown option --confg; did you mean --config?'],
    [['run', '--config'], '--config needs a value'],
    [['run', 'extra'], '"extra" is one argument too many'],
    [['status', '--json=yes'], '--json takes no value'],
    [['status', '--url', 'localhost:8080'], '--url "localhost:8080" is no address'],
    [['status', '--url', 'http://a', '--config', 'b'], 'not both'],
    [['demo', '--port', '99999'], '--port "99999" is no port'],
    [['parse', '--format', 'xml', '-'], '--format "xml" is not known'],
    [['parse', '--manager', 'olicense', '-'], '"olicense" is no license manager'],
    [['parse', '--manager', '__proto__', '-'], '"__proto__" is no license manager'],
    [['parse', '--now', 'yesterday', '-'], '--now "yesterday" is no time'],
    [['parse', '--timezone', 'Mars', '-'], '--timezone "Mars" is not known'],
    [['parse', '--manager', 'flexlm', '--as', 'poem', '-'], '--as "poem" is not known'],
    [['parse'], 'parse needs a FILE'],
  ] as const

  test.each(wrong)('%j is a sentence and exit code 2', async (args, sentence) => {
    const { code, stdout, stderr } = await program(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^license-exporter: /)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('without a configuration', () => {
  test('the exporter does not start and says what to do', async () => {
    for (const args of [[], ['run'], ['check-config']]) {
      const { code, stderr } = await program(args, { cwd: folder })
      expect(code).toBe(2)
      expect(stderr).toContain('no configuration: give --config FILE')
    }
  })

  test('a configuration that is named and missing is not replaced by another', async () => {
    const file = join(folder, 'none.toml')
    const named = await program(['--npm-start', '--config', file])
    const env = { LICENSE_EXPORTER_CONFIG: file }
    for (const { code, stderr } of [named, await program(['--npm-start'], { env })]) {
      expect({ code, stderr }).toEqual({ code: 2, stderr: `${file} does not exist\n` })
    }
  })

  test('a wrong one ends before anything starts, with every problem', async () => {
    const file = join(folder, 'license-exporter.toml')
    writeFileSync(file, 'max_tools = 0\n[api]\nbind_adress = "0.0.0.0"\n')
    const { code, stdout, stderr } = await program([], { cwd: folder })
    rmSync(file)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.replaceAll(/^.*\/(?=license-exporter\.toml)/gm, '')).toBe(
      'license-exporter.toml:1: max_tools: is 0; write 1 or more\n' +
        'license-exporter.toml:3: api.bind_adress: unknown key; did you mean "bind_address"?\n',
    )
  })
})

describe('an old Node', () => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find(existsSync)

  test('hands over to the Node that the lock file brings', async context => {
    const version = old && (await nodeVersion(old))
    if (!old || !version || !/^v(1\d|20|21)\./.test(version)) {
      return context.skip(`skipped: no Node older than 22 here (${version ?? 'none'})`)
    }
    const { code, stdout, stderr } = await program(['--version'], { node: old })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(packageJson.version)
    expect(await program(['--wrong'], { node: old })).toMatchObject({ code: 2 })
  })
})

function nodeVersion(node: string): Promise<string> {
  return new Promise(done => {
    let text = ''
    const child = spawn(node, ['--version'])
    child.stdout.on('data', data => {
      text += data
    })
    child.on('close', () => done(text.trim()))
  })
}

test('a reader that goes away ends a command quietly', async () => {
  const child = spawn(process.execPath, [start, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', text => {
    stderr += text
  })
  const code = await new Promise(done => child.on('close', done))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
