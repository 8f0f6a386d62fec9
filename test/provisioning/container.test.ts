import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tool } from '../needs.ts'
import { until } from '../package/serving.ts'
import { smallRoot } from '../package/small-root.ts'
import { stages, steps } from './dockerfile.ts'
import { childrenOf, orphaningServers, putOrphaningTool, zombiesOf } from './orphans.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const [build, last] = stages(join(project, 'provisioning/container/Dockerfile'))

describe('the Dockerfile', () => {
  test('ends in a stage without RUN: it needs no shell and has none', () => {
    expect(steps(last!, 'RUN')).toEqual([])
    expect(steps(last!, 'COPY')).toEqual(['--from=build /out/ /'])
    expect(steps(last!, 'USER')).toEqual(['65532:65532'])
  })

  test('starts the exporter below tini, and asks whether it is alive, not whether it is healthy', () => {
    const program = '/usr/local/bin/license-exporter'
    const [entry] = steps(last!, 'ENTRYPOINT').map(one => JSON.parse(one))
    expect(entry).toEqual(['/sbin/tini', '--', program])
    const [check] = steps(last!, 'HEALTHCHECK')
    expect(JSON.parse(check!.slice(check!.indexOf('[')))).toEqual([program, 'health'])
  })

  test('copies only what .dockerignore lets in', () => {
    const allowed = readFileSync(join(project, '.dockerignore'), 'utf8')
    for (const line of steps(build!, 'COPY')) {
      for (const path of line.split(' ').slice(0, -1)) {
        expect(existsSync(join(project, path)), path).toBe(true)
        expect(allowed.split('\n')).toContain(`!${path}`)
      }
    }
  })
})

const tini = tool('tini-static')
const possible = tini && process.platform === 'linux' && process.getuid?.() === 0 && namespaces()
if (tini && !possible) console.log('skipped: no right to make namespaces; no container is tried')

function namespaces(): boolean {
  return spawnSync('unshare', ['--pid', '--mount', '--fork', 'true']).status === 0
}

/**
 * What the last stage holds, in a plain root folder, started by its ENTRYPOINT as its USER: PID 1 of
 * its own, root read-only, /tmp and the state writable. Vendor tools are mounted: here two scripts
 * and the shell they need.
 */
describe.runIf(possible)('the image as a plain root folder', () => {
  const work = mkdtempSync(join(tmpdir(), 'license-exporter-container-'))
  const root = join(work, 'root')

  beforeAll(() => {
    console.log('container: the stages are run in a plain root folder, not by an engine')
    const binary = join(work, 'license-exporter')
    execFileSync(process.execPath, [join(project, 'provisioning/package/binary.ts'), binary])
    smallRoot(root, binary)
    for (const folder of ['sbin', 'proc', 'etc/license-exporter', 'var/lib/license-exporter']) {
      mkdirSync(join(root, folder), { recursive: true })
    }
    copyFileSync(tini!, join(root, 'sbin/tini'))
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true })
    copyFileSync(binary, join(root, 'usr/local/bin/license-exporter'))
    for (const file of ['usr/local/bin/license-exporter', 'sbin/tini']) {
      chmodSync(join(root, file), 0o755)
    }
    chownSync(join(root, 'var/lib/license-exporter'), 65_532, 65_532)
    putOrphaningTool(join(root, 'opt/vendor'))
    writeFileSync(
      join(root, 'etc/license-exporter/license-exporter.toml'),
      `state_dir = "/var/lib/license-exporter"\n[api]\nbind_port = 18734\n${orphaningServers}`,
    )
  }, 180_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  /** Runs it until it is ready; `zombies` are children of PID 1 that nobody waits for. */
  async function lives(init: readonly string[]) {
    const mounts = [
      `mount --bind ${root} ${root}`,
      `mount -t proc proc ${root}/proc`,
      `mount -t tmpfs -o mode=1777 tmpfs ${root}/tmp`,
      `mount -t tmpfs -o uid=65532,mode=0700 tmpfs ${root}/var/lib/license-exporter`,
      `mount -o remount,bind,ro ${root}`,
    ]
    const enter = ['chroot', '--userspec=65532:65532', '--groups=65532', root, ...init]
    const child = spawn(
      'unshare',
      [
        '--pid',
        '--mount',
        '--fork',
        'sh',
        '-c',
        `${mounts.join(' && ')} && exec ${enter.join(' ')}`,
      ],
      { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LICENSE_EXPORTER_CONFIG: config } },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', data => {
        output += data
      })
    }
    const ended = new Promise<number | null>(done => child.on('close', done))
    try {
      const url = 'http://127.0.0.1:18734'
      const readyz = async () => (await fetch(`${url}/readyz`)).ok || undefined
      await until(() => child.exitCode === null, readyz)
      await sleep(1500)
      const first = childrenOf(child.pid!)[0]!
      const zombies = zombiesOf(first)
      const health = spawnSync('chroot', [root, '/usr/local/bin/license-exporter', 'health', url])
      const began = Date.now()
      process.kill(first, 'SIGTERM')
      const code = await ended
      return { zombies, health: health.status, code, ms: Date.now() - began }
    } catch (error) {
      for (const pid of childrenOf(child.pid!)) process.kill(pid, 'SIGKILL')
      throw new Error(`${(error as Error).message}:\n${output}`)
    }
  }
  const config = '/etc/license-exporter/license-exporter.toml'
  const program = '/usr/local/bin/license-exporter'

  test('has no shell', () => {
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    const shells = names.filter(path => /(^|\/)(ba|da|z|)sh$/.test(path))
    expect(shells).toEqual(['opt/vendor/sh'])
  })

  test('runs below tini without root, on a read-only root, leaves no zombies and ends in 5 s', async () => {
    const { zombies, health, code, ms } = await lives(['/sbin/tini', '--', program])
    console.log(`container: ${zombies} zombies below tini, SIGTERM to end ${ms} ms`)
    expect(zombies).toBe(0)
    expect(health).toBe(0)
    expect(code).toBe(0)
    expect(ms).toBeLessThan(5000)
  }, 120_000)

  test('would leave zombies without tini', async () => {
    const { zombies } = await lives([program])
    expect(zombies).toBeGreaterThan(0)
  }, 120_000)
})
