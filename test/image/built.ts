import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import type { checks } from '../stack/checks.ts'
import type { Engine } from './engine.ts'

export type Results = ReturnType<typeof checks>
const program = '/usr/local/bin/license-exporter'

/** What the image says of itself. */
export function inspected(engine: Engine, image: string, results: Results): void {
  const [{ Config: config, Healthcheck, Size }] = JSON.parse(
    engine.call('image', 'inspect', image).out,
  )
  console.log(`image: ${Math.round(Size / 1e6)} MB`)
  const is = (what: string, found: unknown, wanted: unknown) =>
    results.check(isDeepStrictEqual(found, wanted), `${what}: ${JSON.stringify(found)}`)
  is('its user is 65532', config.User, '65532:65532')
  is('it starts below tini', config.Entrypoint, ['/sbin/tini', '--', program])
  is('it stops by SIGTERM', config.StopSignal, 'SIGTERM')
  is('its port is 8080', Object.keys(config.ExposedPorts ?? {}), ['8080/tcp'])
  is('its state is a volume', Object.keys(config.Volumes ?? {}), ['/var/lib/license-exporter'])
  is('its health is asked by the program', (config.Healthcheck ?? Healthcheck)?.Test, [
    'CMD',
    program,
    'health',
  ])
  const label = (name: string) => config.Labels?.[`org.opencontainers.image.${name}`]
  is('a label says its name', label('title'), packageJson.name)
  is('a label says its license', label('licenses'), packageJson.license)
  is('a label says the version of the build', label('version'), '1.2.3')
  is('a label says the revision of the build', label('revision'), 'abc')
}

export function withoutShell(engine: Engine, image: string, work: string, results: Results): void {
  const shell = engine.call(
    'run',
    '--rm',
    '--network=none',
    ...engine.run,
    '--entrypoint=/bin/sh',
    image,
  )
  results.check(!shell.good, `no shell starts in it: ${shell.why}`)
  const container = engine.call('create', '--network=none', image).out.split('\n').at(-1)!
  const archive = join(work, 'image.tar')
  engine.call('export', '--output', archive, container)
  engine.call('rm', '--force', '--volumes', container)
  const listed = spawnSync('tar', ['--list', '--file', archive], { encoding: 'utf8' })
  rmSync(archive, { force: true })
  const paths = listed.stdout.split('\n')
  results.check(
    paths.includes('usr/local/bin/license-exporter'),
    `it holds the program, among ${paths.length} files`,
  )
  const tools = /(^|\/)((|a|ba|da|k|z)sh|busybox|node|npm|apt(-get)?|dpkg|perl|python3?)$/
  const found = paths.filter(path => tools.test(path))
  results.check(found.length === 0, `it holds no shell, Node or package manager: ${found}`)
}
