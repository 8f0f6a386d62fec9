import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from '../stack/checks.ts'
import { bases } from './bases.ts'
import { inspected, withoutShell } from './built.ts'
import { findEngine, settle } from './engine.ts'
import { running } from './running.ts'

/**
 * Builds provisioning/container/Dockerfile as it is and runs the image, where a container engine is
 * at hand:
 *   npm run test:image
 */
const project = fileURLToPath(new URL('../..', import.meta.url))
const dockerfile = join(project, 'provisioning/container/Dockerfile')
const image = `localhost/license-exporter-image:${process.pid}`
// Engines keep sockets in it, whose names have to be short.
const work = mkdtempSync('/tmp/le-image-')

const reason = await buildAndRun().finally(() => rmSync(work, { recursive: true, force: true }))
if (reason) console.log(`skipped: no image is built: ${reason}\n0 passed, 0 failed, 1 skipped`)

/** What hinders it; undefined where it was done. */
async function buildAndRun(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'containers are processes of this machine on Linux alone'
  const found = findEngine(work)
  if (typeof found === 'string') return found
  const made: string[] = []
  try {
    const base = bases(found, work, dockerfile)
    if (typeof base === 'string') return base
    made.push(...base.made)
    const engine = settle(found, base.node)
    if (typeof engine === 'string') return engine
    const results = checks()
    const began = Date.now()
    const named = ['--tag', image, '--file', dockerfile]
    const labels = ['--build-arg', 'VERSION=1.2.3', '--build-arg', 'REVISION=abc']
    const built = engine.call('build', ...engine.build, ...named, ...labels, ...base.args, project)
    console.log(`image: built by ${engine.title} on ${base.from}, ${seconds(began)} s`)
    results.check(built.good, `the Dockerfile builds: ${built.why}`)
    if (built.good) {
      made.push(image)
      inspected(engine, image, results)
      withoutShell(engine, image, work, results)
      await running(engine, image, work, results)
    }
    results.end()
    return undefined
  } finally {
    if (made.length > 0) found.call('rmi', '--force', ...made)
    found.close()
  }
}

function seconds(began: number): number {
  return Math.round((Date.now() - began) / 1000)
}
