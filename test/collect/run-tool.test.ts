import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  checkTool,
  missingTool,
  type RunOptions,
  runTool,
} from '../../exporter/collect/run-tool.ts'
import { processesWith } from '../soak/processes.ts'
import { tool } from './tools.ts'

const hostile = tool('hostile.sh')

function run(args: string[], options: Partial<RunOptions> = {}, env: Record<string, string> = {}) {
  return runTool(
    { run: [hostile, ...args], text: 'status', env },
    { timeoutSeconds: 10, ...options },
  )
}

async function nobodyLeft(marker: string): Promise<void> {
  for (let i = 0; i < 50 && processesWith(marker).length > 0; i++) await sleep(50)
  expect(processesWith(marker)).toEqual([])
}

describe('a tool', () => {
  test('is given its arguments as they are, without a shell', async () => {
    const nasty = [';id', '$(id)', '`id`', 'a b', '-x', '"q\'', 'a\nb', '|cat', '*', '&& id']
    const { stdout } = await run(['args', ...nasty])
    expect(stdout.toString()).toBe(nasty.map(one => `[${one}]`).join(''))
  })

  test('sees nothing of the environment but what it needs', async () => {
    process.env.IOSETU_LICENSE_KEY = 'secret'
    const { stdout } = await run(['env'], { timeZone: 'Asia/Tokyo' }, { ADDED: 'yes' })
    delete process.env.IOSETU_LICENSE_KEY
    const names = stdout
      .toString()
      .trim()
      .split('\n')
      .filter(line => !/^(_|PWD|SHLVL|OLDPWD)=/.test(line))
    expect(names.sort()).toEqual([
      'ADDED=yes',
      'HOME=/nonexistent',
      'LANG=C',
      'LC_ALL=C',
      'PATH=/usr/bin:/bin',
      'TZ=Asia/Tokyo',
    ])
  })

  test('runs in the root folder', async () => {
    expect((await run(['cwd'])).stdout.toString()).toBe('/\n')
  })

  test('tells its exit code and what it wrote to stderr', async () => {
    expect(await run(['stderr'])).toMatchObject({ exitCode: 3, stderr: 'on stderr\n' })
  })

  test('that dies by a signal has no exit code', async () => {
    expect((await run(['signal', 'SEGV'])).exitCode).toBeUndefined()
  })

  test('with a relative path is refused', async () => {
    await expect(
      runTool({ run: ['lmutil', 'lmstat'], text: 'status' }, { timeoutSeconds: 1 }),
    ).rejects.toMatchObject({ code: 'config' })
  })

  test('that is not there, a folder or not executable is a missing tool', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tool-'))
    const text = join(folder, 'text')
    writeFileSync(text, 'no program')
    for (const path of [join(folder, 'none'), folder, text, join(text, 'below')]) {
      await expect(
        runTool({ run: [path], text: 'status' }, { timeoutSeconds: 1 }),
      ).rejects.toMatchObject({ code: 'tool_missing', facts: { tool: path } })
    }
  })

  test('with a NUL in an argument fails without throwing past the caller', async () => {
    await expect(run(['args', 'a\0b'])).rejects.toMatchObject({ code: 'unreadable' })
  })
})

describe('a tool that hangs', () => {
  test('is ended after its timeout with all its children', async () => {
    const started = performance.now()
    await expect(run(['fork'], { timeoutSeconds: 0.3 }, { RUN: 'fork-1' })).rejects.toMatchObject({
      code: 'timeout',
    })
    expect(performance.now() - started).toBeLessThan(2000)
    await nobodyLeft('RUN=fork-1')
  })

  test('and ignores SIGTERM is killed two seconds later', async () => {
    const started = performance.now()
    await expect(
      run(['ignore-term'], { timeoutSeconds: 0.3 }, { RUN: 'deaf-1' }),
    ).rejects.toMatchObject({ code: 'timeout' })
    expect(performance.now() - started).toBeGreaterThan(2200)
    expect(performance.now() - started).toBeLessThan(4500)
    await nobodyLeft('RUN=deaf-1')
  })

  test('is ended when its reading is called off', async () => {
    const abort = new AbortController()
    const running = run(['fork'], { signal: abort.signal }, { RUN: 'abort-1' })
    await sleep(100)
    abort.abort()
    await expect(running).rejects.toMatchObject({ code: 'internal' })
    await nobodyLeft('RUN=abort-1')
  })
})

describe('a tool whose grandchild holds the pipe', () => {
  test('has answered when it exits, and the grandchild is ended', async () => {
    for (const way of ['hold-pipe', 'hold-pipe-deaf']) {
      const started = performance.now()
      const output = await run([way], {}, { RUN: way })
      expect(output).toMatchObject({ exitCode: 0 })
      expect(output.stdout.toString()).toBe('done\n')
      expect(performance.now() - started).toBeLessThan(2000)
      await nobodyLeft(`RUN=${way}`)
    }
  })
})

describe('a tool that floods', () => {
  test('stdout is ended at 16 MiB', async () => {
    await expect(run(['flood-stdout'], {}, { RUN: 'flood-1' })).rejects.toMatchObject({
      code: 'output_limit',
    })
    await nobodyLeft('RUN=flood-1')
  })

  test('stderr has its first 64 KiB kept and is not ended for it', async () => {
    const output = await run(['big-stderr', '1000000'])
    expect(output).toMatchObject({ exitCode: 0, stderr: 'e'.repeat(65_536) })
  })

  test('exactly 16 MiB is an answer, one byte more is none', async () => {
    const limit = 16 * 1024 * 1024
    expect((await run(['big', String(limit)])).stdout.length).toBe(limit)
    await expect(run(['big', String(limit + 1)])).rejects.toMatchObject({ code: 'output_limit' })
  })
})

test('an answer counts that came in time while the event loop was busy beyond the timeout', async () => {
  const running = run(['big', '1000'], { timeoutSeconds: 0.4 })
  const until = performance.now() + 900
  while (performance.now() < until) {}
  expect((await running).stdout.length).toBe(1000)
})

describe('a configured tool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-tool-'))
  function file(name: string, mode: number): string {
    const path = join(folder, name)
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, mode)
    return path
  }

  test('may be a regular, executable file that only its owner can change', () => {
    expect(checkTool(file('good', 0o755))).toBeUndefined()
  })

  test('is refused if everybody can change it', () => {
    expect(checkTool(file('world', 0o757))).toMatch(/changed by everybody.*chmod go-w/)
  })

  test('is refused if everybody can put another one in its place', () => {
    const open = mkdtempSync(join(tmpdir(), 'check-tool-'))
    const path = join(open, 'tool')
    writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 })
    chmodSync(open, 0o777)
    expect(checkTool(path)).toMatch(/replaced by everybody.*chmod o-w/)
    // Where only an owner may rename, as in /tmp.
    chmodSync(open, 0o1777)
    expect(checkTool(path)).toBeUndefined()
  })

  test('is refused if it is a folder or not executable', () => {
    expect(checkTool(folder)).toMatch(/not a regular file/)
    expect(checkTool(file('plain', 0o644))).toMatch(/cannot be executed/)
  })

  test('that is not there is no reason to refuse it, but is said', () => {
    expect(checkTool(join(folder, 'none'))).toBeUndefined()
    expect(missingTool(join(folder, 'none'))).toMatch(/does not exist/)
    expect(missingTool(file('there', 0o755))).toBeUndefined()
  })
})
