import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dependencies, refusedLicenses } from './dependencies.ts'
import { manifest, type RootManifest } from './manifest.ts'
import { sbom } from './sbom.ts'

/** `npm run build [-- FOLDER]`: the package that is published, in dist/. */

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What lies beside the compiled JavaScript: source and place in the package. */
const beside = {
  'README.md': 'README.md',
  LICENSE: 'LICENSE',
  'CHANGELOG.md': 'CHANGELOG.md',
  'license-exporter.example.toml': 'license-exporter.example.toml',
  'dashboards/json': 'dashboards',
  alerts: 'alerts',
  'provisioning/systemd': 'provisioning/systemd',
  'provisioning/prometheus': 'provisioning/prometheus',
} as const

/** What `exports` offers. */
const entries = { '.': './exporter/index', './self-license': './exporter/self-license/index' }

function build(out: string): void {
  const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootManifest
  const packages = dependencies(join(root, 'package-lock.json'))
  const refused = refusedLicenses(packages)
  if (refused.length > 0) throw new Error(`these may not be shipped: ${refused.join('; ')}`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  compile(out)
  const start = join(out, 'exporter/start.mjs')
  cpSync(join(root, 'provisioning/package/start.mjs'), start)
  chmodSync(start, 0o755)
  for (const [from, to] of Object.entries(beside)) {
    if (existsSync(join(root, from))) cpSync(join(root, from), join(out, to), { recursive: true })
  }
  writeJson(join(out, 'package.json'), manifest(product, entries))
  writeJson(join(out, 'sbom.cdx.json'), sbom(product, packages, Object.keys(product.dependencies)))
  console.log(`${out}: ${product.name} ${product.version}, ${packages.length} dependencies in all`)
}

function compile(out: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const project = join(root, 'provisioning/package/tsconfig.json')
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', out], { stdio: 'inherit' })
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

build(resolve(process.argv[2] ?? join(root, 'dist')))
