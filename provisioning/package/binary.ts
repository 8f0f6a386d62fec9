import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { inject } from 'postject'
import { bundle } from './bundle.ts'

/**
 * `npm run build:binary [-- FILE]`: Node and the program in one file for this machine's platform
 * (https://nodejs.org/api/single-executable-applications.html). By default dist-binary/license-exporter.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Node looks for this text and finds out whether something was put in. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

async function buildBinary(out: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'license-exporter-build-'))
  try {
    const main = join(work, 'main.cjs')
    await bundle(root, main)
    const blob = makeBlob(work, main)
    mkdirSync(dirname(out), { recursive: true })
    rmSync(out, { force: true })
    copyFileSync(process.execPath, out)
    chmodSync(out, 0o755)
    const mac = process.platform === 'darwin'
    if (mac) execFileSync('codesign', ['--remove-signature', out])
    await inject(out, 'NODE_SEA_BLOB', readFileSync(blob), {
      sentinelFuse: fuse,
      ...(mac && { machoSegmentName: 'NODE_SEA' }),
    })
    if (mac) execFileSync('codesign', ['--sign', '-', out])
    report(out, main)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function makeBlob(work: string, main: string): string {
  const output = join(work, 'sea.blob')
  const config = join(work, 'sea.json')
  writeFileSync(
    config,
    JSON.stringify({ main, output, disableExperimentalSEAWarning: true, useCodeCache: true }),
  )
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'pipe' })
  return output
}

function report(out: string, main: string): void {
  const megabytes = (path: string) => (statSync(path).size / 1e6).toFixed(1)
  const began = performance.now()
  const version = execFileSync(out, ['--version'], { encoding: 'utf8' }).trim()
  const ms = Math.round(performance.now() - began)
  console.log(
    `${out}: ${version}, Node ${process.versions.node}, ${megabytes(out)} MB ` +
      `(${megabytes(main)} MB of it the program), --version in ${ms} ms`,
  )
}

await buildBinary(resolve(process.argv[2] ?? join(root, 'dist-binary/license-exporter')))
