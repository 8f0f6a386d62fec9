import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { parseConfig } from '../../exporter/config/parse.ts'
import { parseShard } from '../../exporter/shard.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { tool } from '../needs.ts'
import {
  type KubernetesObject,
  restrictedProblems,
  schemaProblem,
  unknownKeys,
} from './kubernetes-objects.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(project, 'provisioning/kubernetes')
const kubectl = tool('kubectl')

const documents = (text: string) =>
  parseAllDocuments(text).map(one => one.toJS() as KubernetesObject)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'))
  .map(path => ({ path, objects: documents(readFileSync(join(folder, path), 'utf8')) }))
const all = files.flatMap(({ objects }) => objects)
const workloads = all.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')

describe.each(files)('kubernetes/$path', ({ objects }) => {
  test.each(objects)('$kind $metadata.name follows its schema', async object => {
    expect(await schemaProblem(object)).toBeUndefined()
  })
})

test('no object has a key that its kind does not know', () => {
  expect(unknownKeys(all, project)).toBe('')
  const [deployment] = workloads
  const misspelt = structuredClone(deployment!)
  misspelt.spec.template.spec.containers[0].livenesProbe = {}
  expect(unknownKeys([misspelt], project)).toMatch(/livenesProbe\W+does not exist/)
}, 60_000)

test('a value of the wrong type is found', async () => {
  const wrong = structuredClone(workloads[0]!)
  wrong.spec.replicas = 'three'
  expect(await schemaProblem(wrong)).toContain('replicas must be integer')
})

describe.each(workloads)('the $kind', ({ spec, kind }) => {
  const { template } = spec
  const [container] = template.spec.containers

  test('runs under restricted pod security', () => {
    expect(restrictedProblems(template.spec)).toEqual([])
    const open = structuredClone(template.spec)
    open.containers[0].securityContext.capabilities.drop = []
    expect(restrictedProblems(open)).toEqual(['license-exporter keeps capabilities'])
  })

  test('is restarted by /livez and sent traffic by /readyz, never by /health', () => {
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' })
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
  })

  test('is selected by its own labels, and by the objects beside it', () => {
    const { labels } = template.metadata
    const selectors = all.flatMap(one => [
      ...(one.kind === 'PodMonitor' || one.kind === 'PodDisruptionBudget'
        ? [one.spec.selector.matchLabels]
        : []),
      ...(one.kind === 'NetworkPolicy' ? [one.spec.podSelector.matchLabels] : []),
      ...(one.kind === 'Service' ? [one.spec.selector] : []),
    ])
    expect(selectors).toHaveLength(4)
    for (const selector of [spec.selector.matchLabels, ...selectors]) {
      expect(labels).toMatchObject(selector)
    }
  })

  test('mounts what it names, and the license as a folder, for hot reload', () => {
    const named = (list: { name: string }[]) => list.map(({ name }) => name)
    const claims = (spec.volumeClaimTemplates ?? []).map((one: KubernetesObject) => one.metadata)
    const volumes = [...named(template.spec.volumes), ...named(claims)]
    const mounts = container.volumeMounts as { name: string; mountPath: string; subPath?: string }[]
    expect(named(mounts).toSorted()).toEqual(volumes.toSorted())
    expect(mounts.filter(one => one.subPath)).toEqual([])
    const file = container.env.find((one: { name: string }) => one.name === 'IOSETU_LICENSE_FILE')
    expect(file.value).toBe(`${mounts.find(one => one.name === 'license')!.mountPath}/license.jwt`)
  })

  test('runs the version of this package', () => {
    expect(container.image).toBe(`ghcr.io/iosetu/license-exporter:${packageJson.version}`)
  })

  test.runIf(kind === 'StatefulSet')('gives every pod its shard, from 0', () => {
    const [, option, value] = container.args as string[]
    expect(option).toBe('--shard')
    const names = container.env.map((one: { name: string }) => one.name)
    expect(names).toContain(/\$\((\w+)\)/.exec(value!)![1])
    for (let i = 0; i < spec.replicas; i++) {
      const shard = parseShard(value!.replace(/\$\(\w+\)/, String(i)))
      expect(shard).toEqual({ index: i, count: spec.replicas })
    }
  })
})

test.each(['kubernetes/base', 'container'])('%s has a configuration that is accepted', place => {
  const file = join(project, 'provisioning', place, 'license-exporter.toml')
  const { config } = parseConfig(readFileSync(file, 'utf8'), file, { env: {} })
  expect(config.api.bind_address).toBe('0.0.0.0')
})

/** Overlays whose parts are all here. */
function overlays(): string[] {
  return readdirSync(join(folder, 'overlays')).filter(name => {
    const home = join(folder, 'overlays', name)
    const { resources } = parse(readFileSync(join(home, 'kustomization.yaml'), 'utf8')) as {
      resources: string[]
    }
    const missing = resources.find(one => {
      const path = join(home, one)
      return !existsSync(path.endsWith('.yaml') ? path : join(path, 'kustomization.yaml'))
    })
    if (missing) console.log(`skipped: overlay ${name} lacks ${missing}: run npm run generate`)
    return !missing
  })
}

describe.runIf(kubectl)('kubectl kustomize', () => {
  const built = new Map<string, KubernetesObject[]>()
  const names = overlays()
  beforeAll(() => {
    for (const name of names) {
      const { stdout, stderr, status } = spawnSync(
        kubectl!,
        ['kustomize', join(folder, 'overlays', name)],
        { encoding: 'utf8', maxBuffer: 2 ** 26 },
      )
      if (status !== 0) throw new Error(`${name}: ${stderr}`)
      built.set(name, documents(stdout))
    }
  }, 60_000)

  test.each(names)(
    'makes objects of %s that follow their schemas',
    async name => {
      const objects = built.get(name)!
      expect(objects.length).toBeGreaterThan(1)
      for (const object of objects) expect(await schemaProblem(object), object.kind).toBeUndefined()
      expect(unknownKeys(objects, project)).toBe('')
    },
    60_000,
  )

  test('makes ConfigMaps that the pods mount', () => {
    const maps = built.get('deployment')!.filter(({ kind }) => kind === 'ConfigMap')
    expect(maps.map(({ metadata }) => metadata.name)).toEqual(['license-exporter'])
    expect(Object.keys(maps[0]!.data)).toEqual(['license-exporter.toml'])
  })
})
