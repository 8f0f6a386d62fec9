import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { tool } from '../needs.ts'

export interface Answer {
  good: boolean
  out: string
  /** The last thing that it complained of. */
  why: string
}

/** Docker or Podman: what both understand, and what one of them needs besides. */
export interface Engine {
  title: string
  call(...args: string[]): Answer
  build: readonly string[]
  run: readonly string[]
  close(): void
}

/** The first engine that answers, or why there is none. */
export function findEngine(work: string): Engine | string {
  const reasons: string[] = []
  for (const find of [docker, podman]) {
    const engine = find(work)
    if (typeof engine !== 'string') return engine
    reasons.push(engine)
  }
  return reasons.join('; ')
}

function docker(): Engine | string {
  const program = tool('docker')
  if (!program) return 'docker is not installed'
  const call = caller([program])
  const { good, out } = call('info', '--format', '{{.ServerVersion}}')
  if (!good || !out) return 'no daemon answers docker'
  return { title: `docker ${out}`, call, build: [], run: [], close() {} }
}

/** Its storage lies in `work` and goes with it. */
function podman(work: string): Engine | string {
  const program = tool('podman')
  if (!program) return 'podman is not installed'
  const places = { root: 'storage', runroot: 'run', tmpdir: 'tmp', 'storage-driver': 'vfs' }
  const own = Object.entries(places).flatMap(([name, value]) => [
    `--${name}`,
    name === 'storage-driver' ? value : join(work, value),
  ])
  const call = caller([program, ...own])
  const { good, out, why } = call('info', '--format', '{{.Version.Version}}')
  if (!good) return `podman does not start: ${why}`
  return {
    title: `podman ${out}`,
    call,
    // Its own format of images knows no HEALTHCHECK, and a copy of each layer takes minutes in vfs.
    build: ['--format=docker', '--layers=false', '--network=host'],
    run: ['--read-only-tmpfs=false'],
    close() {
      // Without root what it stored belongs to users that only exist in its namespace.
      if (process.getuid?.() !== 0) caller([program])('unshare', 'rm', '-rf', join(work, 'storage'))
    },
  }
}

/**
 * Some machines let an engine start nothing with its defaults: a runtime that does not know their
 * cgroups, limits that may not be raised. The first way in which a container of `image` starts.
 */
export function settle(engine: Engine, image: string): Engine | string {
  const limits = ['--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024']
  const runtimes = engine.title.startsWith('podman') ? [[], ['--runtime=runc']] : [[]]
  let reason = ''
  for (const runtime of runtimes) {
    for (const run of [[], limits]) {
      const call = (...args: string[]) => engine.call(...runtime, ...args)
      const { good, why } = call('run', '--rm', '--network=none', ...run, image, 'npm', '--version')
      if (good) return { ...engine, call, run: [...engine.run, ...run] }
      reason = why
    }
  }
  return `${engine.title} starts no container: ${reason}`
}

function caller([program = '', ...own]: string[]) {
  // Podman would have systemd ask for the health; the test asks itself.
  const env = { ...process.env, DISABLE_HC_SYSTEMD: 'true' }
  return (...args: string[]): Answer => {
    const options = { encoding: 'utf8', env, timeout: 600_000, maxBuffer: 2 ** 26 } as const
    const { status, stdout, stderr, error } = spawnSync(program, [...own, ...args], options)
    const complaints = `${stderr ?? ''}`.trim().split('\n')
    return {
      good: status === 0,
      out: `${stdout ?? ''}`.trim(),
      why: error?.message ?? complaints.at(-1) ?? `exit code ${status}`,
    }
  }
}
