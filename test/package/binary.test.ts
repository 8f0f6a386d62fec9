import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { serve } from './serving.ts'
import { smallRoot } from './small-root.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const possible = process.platform === 'linux' && process.getuid?.() === 0
if (!possible) {
  console.log('skipped: changing the root folder needs Linux and root; the executable is not tried')
}

describe.runIf(possible)('the single executable, with nothing but its libraries', () => {
  const work = mkdtempSync(join(tmpdir(), 'license-exporter-binary-'))
  const root = join(work, 'root')
  let libraries: string[] = []

  beforeAll(() => {
    const binary = join(work, 'license-exporter')
    const script = join(project, 'provisioning/package/binary.ts')
    const said = execFileSync(process.execPath, [script, binary], { encoding: 'utf8' })
    console.log(said.trim().split('\n').at(-1))
    libraries = smallRoot(root, binary)
  }, 180_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  const run = (...args: string[]) =>
    spawnSync('chroot', [root, '/license-exporter', ...args], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })

  test('is linked with glibc, libstdc++ and libgcc_s alone', () => {
    const glibc = /^(ld-linux.*|libc|libm|libdl|libpthread|librt)\.so\.\d+$/
    const others = libraries.map(one => basename(one)).filter(one => !glibc.test(one))
    expect(others.toSorted()).toEqual(['libgcc_s.so.1', 'libstdc++.so.6'])
    expect(statSync(join(root, 'license-exporter')).size).toBeLessThan(160e6)
  })

  test('knows its version', () => {
    const { stdout, stderr, status } = run('--version')
    expect({ stdout, stderr, status }).toEqual({
      stdout: `license-exporter ${packageJson.version}\n`,
      stderr: '',
      status: 0,
    })
  })

  test('checks a configuration', () => {
    copyFileSync(join(project, 'license-exporter.example.toml'), join(root, 'good.toml'))
    writeFileSync(join(root, 'bad.toml'), '[[server]]\nname = "cad"\nmanager = "flexml"\n')
    const good = run('check-config', '/good.toml')
    expect(good.status, good.stderr).toBe(0)
    const bad = run('check-config', '/bad.toml')
    expect(bad.status).toBe(2)
    expect(bad.stderr).toContain('/bad.toml:3: ')
  })

  test('runs the demo: tools are read, series are served, SIGTERM ends it', async () => {
    const demo = await serve(['chroot', root, '/license-exporter', 'demo', '--port', '0'])
    try {
      console.log(`single executable: first metrics ${demo.firstMetricsMs} ms after its start`)
      const metrics = await (await fetch(`${demo.url}/metrics`)).text()
      expect(metrics).toMatch(/^license_server_up\{[^}]*server="cad"[^}]*\} 1$/m)
      expect(metrics).toMatch(/^license_feature_seats_used\{[^}]*manager="rlm"/m)
      expect(metrics).toMatch(/^license_feature_seats_used\{[^}]*manager="sesinetd"/m)
    } finally {
      const { code, ms } = await demo.stop()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(5000)
    }
  }, 120_000)
})
