import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { freePort } from '../free-port.ts'
import { until } from '../package/serving.ts'
import { orphaningServers, putOrphaningTool, zombiesOf } from '../provisioning/orphans.ts'
import type { Results } from './built.ts'
import type { Engine } from './engine.ts'
import { inside } from './inside.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const program = '/usr/local/bin/license-exporter'

export async function running(engine: Engine, image: string, work: string, results: Results) {
  const alone = ['run', '--rm', '--read-only', '--network=none', ...engine.run]
  const version = engine.call(...alone, image, '--version')
  results.check(
    version.out === `license-exporter ${packageJson.version}`,
    `--version: ${version.out}`,
  )
  const port = await freePort()
  const volumes = prepare(work, port)
  const example = [
    `${join(project, 'provisioning/container')}:/etc/license-exporter:ro`,
    `${join(work, 'vendor')}:/opt/vendor:ro`,
  ].flatMap(one => ['--volume', one])
  const checked = engine.call(...alone, ...example, image, 'check-config')
  results.check(checked.good, `the configuration beside the Dockerfile is good: ${checked.why}`)
  const url = `http://127.0.0.1:${port}`
  /** Runs the image in the machine's network, on loopback, until it is ready. */
  async function lives(what: (container: string, pid: number) => Promise<void>, ...init: string[]) {
    const began = Date.now()
    const options = ['--detach', '--read-only', '--network=host', ...engine.run, ...volumes]
    const { good, out, why } = engine.call('run', ...options, ...init, image)
    if (!good) return results.failed(`it starts: ${why}`)
    const container = out.split('\n').at(-1)!
    try {
      const state = () => engine.call('inspect', '--format', '{{.State.Pid}}', container).out
      await until(
        () => state() !== '0',
        async () => (await fetch(`${url}/readyz`)).ok || undefined,
      )
      console.log(`image: ready ${Date.now() - began} ms after its start`)
      await what(container, Number(state()))
    } catch (error) {
      const logs = engine.call('logs', container)
      results.failed(`it lives: ${(error as Error).message}\n${logs.out}\n${logs.why}`)
    } finally {
      engine.call('rm', '--force', '--volumes', container)
    }
  }

  await lives(async (container, pid) => {
    inside(pid, results)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    results.check(
      /^license_server_up\{[^}]*server="read"[^}]*\} 1$/m.test(metrics),
      'a file is read',
    )
    await sleep(1500)
    const zombies = zombiesOf(pid)
    results.check(zombies === 0, `${zombies} zombies below tini`)
    const health = engine.call('exec', container, program, 'health')
    results.check(health.good, `its health check passes: ${health.why}`)
    const began = Date.now()
    engine.call('stop', '--time', '10', container)
    const ms = Date.now() - began
    const code = engine.call('inspect', '--format', '{{.State.ExitCode}}', container).out
    console.log(`image: ${zombies} zombies below tini, SIGTERM to end ${ms} ms`)
    results.check(
      ms < 5000 && code === '0',
      `SIGTERM ends it after ${ms} ms with exit code ${code}`,
    )
  })
  await lives(async (_container, pid) => {
    await sleep(1500)
    const zombies = zombiesOf(pid)
    results.check(zombies > 0, `without tini there would be zombies: ${zombies}`)
  }, `--entrypoint=${program}`)
}

function prepare(work: string, port: number): string[] {
  const settings = join(work, 'etc')
  mkdirSync(settings)
  const read = '[[server]]\nname = "read"\nmanager = "flexlm"\nread = "/opt/texts/lmstat.txt"\n'
  const api = `state_dir = "/var/lib/license-exporter"\n[api]\nbind_port = ${port}\n`
  writeFileSync(join(settings, 'license-exporter.toml'), api + read + orphaningServers)
  const vendor = join(work, 'vendor')
  putOrphaningTool(vendor)
  // A copy of now: a text that nobody wrote for a while is not believed.
  const texts = join(work, 'texts')
  mkdirSync(texts)
  const text = readFileSync(join(project, 'test/fixtures/flexlm/healthy/lmstat.txt'))
  writeFileSync(join(texts, 'lmstat.txt'), text)
  return [
    `${settings}:/etc/license-exporter:ro`,
    `${vendor}:/opt/vendor:ro`,
    `${texts}:/opt/texts:ro`,
  ].flatMap(one => ['--volume', one])
}
