import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { dependencies, refusedLicenses } from '../../provisioning/package/dependencies.ts'
import { serve } from './serving.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'license-exporter-package-'))
const dist = join(work, 'dist')
const home = join(work, 'empty folder')

interface Packed {
  filename: string
  size: number
  unpackedSize: number
  files: { path: string }[]
}

interface Bom {
  components: { 'bom-ref': string; hashes: { content: string }[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

let packed: Packed
let installed = ''

const npm = (cwd: string, ...args: string[]) =>
  spawnSync('npm', args, { cwd, encoding: 'utf8', timeout: 120_000 })
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

beforeAll(() => {
  execFileSync(process.execPath, [join(project, 'provisioning/package/build.ts'), dist])
  ;[packed] = JSON.parse(npm(dist, 'pack', '--json', '--pack-destination', work).stdout)
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"private":true,"type":"module"}')
  const answer = npm(home, 'install', '--no-audit', '--no-fund', join(work, packed.filename))
  if (answer.status === 0) installed = join(home, 'node_modules/iosetu-license-exporter')
  else console.log(`skipped: the registry gives no dependencies: ${answer.stderr.slice(-300)}`)
}, 240_000)
afterAll(() => rmSync(work, { recursive: true, force: true }), 60_000)

describe('the package', () => {
  test('is small: at most 2 MB and 40 packages in all, without install scripts', () => {
    const count = 1 + dependencies(join(project, 'package-lock.json')).length
    console.log(
      `package: ${Math.round(packed.size / 1e3)} kB, unpacked ${Math.round(packed.unpackedSize / 1e3)} kB, ${count} packages in all`,
    )
    expect(packed.unpackedSize).toBeLessThan(2_000_000)
    expect(count).toBeLessThanOrEqual(40)
    expect(readJson(join(dist, 'package.json'))).not.toHaveProperty('scripts')
  })

  test('holds what a user is told to find in it', () => {
    const paths = packed.files.map(({ path }) => path)
    const wanted = [
      ...['LICENSE', 'README.md', 'CHANGELOG.md', 'license-exporter.example.toml', 'sbom.cdx.json'],
      ...['exporter/start.mjs', 'exporter/index.js', 'exporter/index.d.ts'],
      'exporter/self-license/index.d.ts',
      'provisioning/systemd/license-exporter.service',
    ]
    expect(paths).toEqual(expect.arrayContaining(wanted))
    for (const [source, place] of [
      ['dashboards/json', /^dashboards\/\w+\.json$/],
      ['alerts', /^alerts\/[\w-]+\.rules\.yml$/],
    ] as const) {
      if (!existsSync(join(project, source))) continue
      expect(paths.filter(path => place.test(path)).length, source).toBeGreaterThan(3)
    }
    expect(paths.filter(path => /(?<!\.d)\.ts$|^test\/|\.(key|pem|env)$/.test(path))).toEqual([])
  })

  test('lists its dependencies in a bill of materials, as the lock file pins them', () => {
    const bom = readJson(join(dist, 'sbom.cdx.json')) as Bom
    const refs = bom.components.map(one => one['bom-ref'])
    expect(refs).toContain(`pkg:npm/jose@${packageJson.dependencies.jose}`)
    expect(refs).toContain(
      `pkg:npm/%40opentelemetry/sdk-metrics@${packageJson.dependencies['@opentelemetry/sdk-metrics']}`,
    )
    expect(bom.components.every(({ hashes }) => hashes[0]!.content.length === 128)).toBe(true)
    const [root, ...others] = bom.dependencies
    expect(root!.dependsOn.length).toBe(Object.keys(packageJson.dependencies).length)
    const reached = new Set(bom.dependencies.flatMap(one => one.dependsOn))
    expect(others.map(({ ref }) => ref).filter(ref => !reached.has(ref))).toEqual([])
  })

  test('ships no dependency under a copyleft license', () => {
    const one = { name: 'a', version: '1.0.0', integrity: undefined, dependencies: [] }
    expect(refusedLicenses([{ ...one, license: 'GPL-3.0-only' }])).toEqual([
      'a 1.0.0 has license GPL-3.0-only',
    ])
    expect(refusedLicenses([{ ...one, license: 'unknown' }])).toHaveLength(1)
    expect(refusedLicenses([{ ...one, license: 'MIT OR GPL-2.0-only' }])).toEqual([])
    expect(refusedLicenses(dependencies(join(project, 'package-lock.json')))).toEqual([])
  })
})

describe('the package, installed in an empty folder', () => {
  test('is what npm ls, the lock file and the bill of materials agree on', ctx => {
    if (!installed) ctx.skip()
    const { packages } = readJson(join(home, 'node_modules/.package-lock.json')) as {
      packages: Record<string, { version: string; hasInstallScript?: true }>
    }
    const found = Object.entries(packages)
      .map(([path, { version }]) => `${path.replace(/.*node_modules\//, '')}@${version}`)
      .filter(one => !one.startsWith('iosetu-'))
    const locked = dependencies(join(project, 'package-lock.json'))
    // Ranges inside dependencies may give a newer one; there are no other packages.
    expect(found.map(one => one.replace(/@[^@]+$/, '')).toSorted()).toEqual(
      locked.map(({ name }) => name).toSorted(),
    )
    expect(Object.values(packages).filter(one => one.hasInstallScript)).toEqual([])
  })

  test('has no known weakness, as far as the registry tells', ctx => {
    if (!installed) ctx.skip()
    const { stdout } = npm(home, 'audit', '--json')
    const audit = JSON.parse(stdout || '{}') as {
      metadata?: { vulnerabilities: { total: number } }
    }
    if (!audit.metadata) {
      console.log('skipped: the registry does not answer npm audit')
      ctx.skip()
    }
    expect(audit.metadata!.vulnerabilities.total, stdout).toBe(0)
  })

  test('runs under both its names and knows its version', ctx => {
    if (!installed) ctx.skip()
    for (const name of ['license-exporter', 'iosetu-license-exporter']) {
      const program = join(home, 'node_modules/.bin', name)
      const { stdout, stderr } = spawnSync(process.execPath, [program, '--version'])
      expect(`${stdout}${stderr}`).toBe(`license-exporter ${packageJson.version}\n`)
    }
  })

  test('tells an old Node what it needs', ctx => {
    if (!installed) ctx.skip()
    const old = ['/usr/bin/node', '/usr/local/bin/node'].find(existsSync)
    const version = old ? spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout : 'none'
    if (!old || !/^v(1\d|20|21)\./.test(version)) {
      return ctx.skip(`skipped: no Node older than 22 here (${version.trim()})`)
    }
    const program = join(home, 'node_modules/.bin/license-exporter')
    const { status, stderr } = spawnSync(old, [program], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(
        /^license-exporter: this is Node \S+ and 22\.15 or newer is needed; /,
      ),
    })
  })

  test('keeps what was compiled in its own folder, where nobody else can put it', ctx => {
    if (!installed) ctx.skip()
    expect(existsSync(join(installed, 'node_modules/.cache/license-exporter'))).toBe(true)
  })

  test('shows the demo', async ctx => {
    if (!installed) ctx.skip()
    const program = join(home, 'node_modules/.bin/license-exporter')
    const demo = await serve([process.execPath, program, 'demo', '--port', '0'])
    try {
      console.log(`npm package: first metrics ${demo.firstMetricsMs} ms after its start`)
      const metrics = await (await fetch(`${demo.url}/metrics`)).text()
      expect(metrics).toMatch(/^license_server_up\{[^}]*server="cad"[^}]*\} 1$/m)
    } finally {
      const { code, ms } = await demo.stop()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(5000)
    }
  }, 120_000)

  test('can be embedded: the exporter and the monitor of the own license', ctx => {
    if (!installed) ctx.skip()
    writeFileSync(
      join(home, 'embedded.js'),
      `import { configSchema, startExporter, version } from 'iosetu-license-exporter'
import { createLicenseMonitor } from 'iosetu-license-exporter/self-license'
const monitor = await createLicenseMonitor({ file: '/nonexistent/license.jwt' })
const config = configSchema.parse({ api: { bind_port: 0 }, log: { level: 'error' } })
const exporter = await startExporter({ config, mode: 'run' })
const { status } = await fetch(exporter.url + '/livez')
console.log(JSON.stringify({ version, state: monitor.state.state, status }))
await exporter.close()
await monitor.close()
`,
    )
    const { stdout, stderr } = spawnSync(process.execPath, [join(home, 'embedded.js')], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(
      JSON.parse(stdout.split('\n').findLast(line => line.startsWith('{"version')) ?? '{}'),
      stderr,
    ).toEqual({ version: packageJson.version, state: 'unlicensed', status: 200 })
  }, 60_000)

  test('has types that a strict program compiles with', ctx => {
    if (!installed) ctx.skip()
    writeFileSync(
      join(home, 'typed.ts'),
      `import { type Config, loadConfig, startExporter, type Snapshot } from 'iosetu-license-exporter'
import { createLicenseMonitor, type LicenseMonitor } from 'iosetu-license-exporter/self-license'
const { config }: { config: Config } = await loadConfig('/etc/license-exporter.toml')
const exporter = await startExporter({ config, mode: 'run' })
export const url: string = exporter.url
export const monitor: LicenseMonitor = await createLicenseMonitor({ stateDir: '/var/lib/product' })
export const features = ({ features }: Snapshot) => features.map(one => one.name satisfies string)
// @ts-expect-error the mode is run or demo
startExporter({ config, mode: 'live' })
`,
    )
    const tsc = join(project, 'node_modules/typescript/bin/tsc')
    const types = join(project, 'node_modules/@types')
    const strict = ['--strict', '--noEmit', '--target', 'es2024', '--module', 'nodenext']
    const answer = spawnSync(
      process.execPath,
      [tsc, ...strict, '--typeRoots', types, '--types', 'node', '--skipLibCheck', 'typed.ts'],
      { cwd: home, encoding: 'utf8' },
    )
    expect(answer.stdout).toBe('')
    expect(answer.status).toBe(0)
  }, 60_000)
})
