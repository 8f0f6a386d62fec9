import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from '../needs.ts'
import { putLibraries } from '../package/small-root.ts'
import type { Engine } from './engine.ts'
import { nodeRoot } from './node-root.ts'

export interface Bases {
  node: string
  args: string[]
  /** Where they come from, for the reader of the output. */
  from: string
  /** Names of images that the test made and takes away again. */
  made: string[]
}

/** The Dockerfile's own base images; where no registry has them, two that are made of this machine. */
export function bases(engine: Engine, work: string, dockerfile: string): Bases | string {
  const [node = '', base = ''] = ['NODE', 'BASE'].map(name => argument(dockerfile, name))
  const refused = [node, base]
    .map(image => engine.call('pull', '--quiet', image))
    .find(({ good }) => !good)
  if (!refused) return { node, args: [], from: "the Dockerfile's own base images", made: [] }
  const reason = `the registry's base images are not to be had (${refused.why})`
  if (process.getuid?.() !== 0 || !tool('debootstrap') || !tool('tar')) {
    return `${reason}, and making others needs root and debootstrap`
  }
  try {
    return make(engine, work, reason)
  } catch (error) {
    return `${reason}, and making others failed: ${(error as Error).message}`
  }
}

function make(engine: Engine, work: string, reason: string): Bases {
  const made = ['node', 'base'].map(name => `localhost/license-exporter-${name}:${process.pid}`)
  const fill = {
    [made[0]!]: nodeRoot,
    [made[1]!]: (root: string) => {
      mkdirSync(join(root, 'tmp'), { mode: 0o1777 })
      putLibraries(root, process.execPath)
    },
  }
  for (const name of made) {
    const root = join(work, 'root')
    mkdirSync(root)
    fill[name]!(root)
    execFileSync('tar', ['--create', '--file', `${root}.tar`, '--directory', root, '.'])
    const { good, why } = engine.call('import', `${root}.tar`, name)
    if (!good) throw new Error(`import: ${why}`)
    for (const path of [root, `${root}.tar`]) rmSync(path, { recursive: true })
  }
  const [node = '', base = ''] = made
  return {
    node,
    args: ['--build-arg', `NODE=${node}`, '--build-arg', `BASE=${base}`],
    from: `base images made here (debootstrap with this machine's Node; glibc and libstdc++), since ${reason}`,
    made,
  }
}

function argument(dockerfile: string, name: string): string | undefined {
  return new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(readFileSync(dockerfile, 'utf8'))?.[1]
}
