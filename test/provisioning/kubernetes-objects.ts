import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  // biome-ignore lint/suspicious/noExplicitAny: what each kind has is for its schema to say
  [part: string]: any
}

type Model = new (data: object) => { validate(): void }

/** Where the schema of an apiVersion is. */
function library(apiVersion: string): string {
  if (apiVersion.startsWith('monitoring.coreos.com/')) {
    return `@kubernetes-models/prometheus-operator/${apiVersion}`
  }
  if (apiVersion.startsWith('grafana.integreatly.org/')) {
    return `@kubernetes-models/grafana-operator/${apiVersion}`
  }
  return `kubernetes-models/${apiVersion}`
}

/** What the JSON schema of its kind says against an object; undefined = nothing. */
export async function schemaProblem(object: KubernetesObject): Promise<string | undefined> {
  const models = (await import(library(object.apiVersion))) as Record<string, Model>
  const Kind = models[object.kind]
  if (!Kind) return `${object.apiVersion} has no ${object.kind}`
  try {
    new Kind(object).validate()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * Those schemas allow keys that they do not know, so a misspelt one would pass: the compiler finds it
 * in the same objects as literals of their types.
 * @returns its errors
 */
export function unknownKeys(objects: readonly KubernetesObject[], project: string): string {
  const folder = mkdtempSync(join(project, 'node_modules/.kubernetes-'))
  try {
    const lines = objects.map(({ apiVersion, kind, ...rest }, i) => [
      `import type { I${kind} as Kind${i} } from ${JSON.stringify(library(apiVersion))}`,
      `export const object${i}: Kind${i} = ${JSON.stringify({ apiVersion, kind, ...rest })}`,
    ])
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'objects.ts'), lines.flat().join('\n'))
    const tsc = join(project, 'node_modules/typescript/bin/tsc')
    const strict = [
      '--strict',
      '--noEmit',
      '--ignoreConfig',
      '--skipLibCheck',
      '--target',
      'es2024',
    ]
    const { stdout } = spawnSync(
      process.execPath,
      [tsc, ...strict, '--module', 'nodenext', 'objects.ts'],
      { cwd: folder, encoding: 'utf8' },
    )
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface PodSpec {
  containers: Container[]
  volumes?: Record<string, unknown>[]
  securityContext?: Record<string, unknown>
}

interface Container {
  name: string
  securityContext?: Record<string, unknown> & { capabilities?: { drop?: string[]; add?: string[] } }
}

/** What the Pod Security Standard "restricted" refuses. */
export function restrictedProblems(pod: PodSpec & Record<string, unknown>): string[] {
  const volumes = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral']
  const allowed = [...volumes, 'persistentVolumeClaim', 'projected', 'secret']
  const problems: [boolean, string][] = [
    [Boolean(pod.hostNetwork || pod.hostPID || pod.hostIPC), 'uses a namespace of the host'],
    [pod.securityContext?.runAsNonRoot !== true, 'may run as root'],
    [pod.securityContext?.runAsUser === 0, 'runs as root'],
    [
      (pod.securityContext?.seccompProfile as { type?: string })?.type !== 'RuntimeDefault',
      'has no seccomp profile',
    ],
    ...(pod.volumes ?? []).map(({ name, ...source }): [boolean, string] => [
      !Object.keys(source).every(one => allowed.includes(one)),
      `mounts ${String(name)}, which is no volume of the allowed kinds`,
    ]),
    ...pod.containers.flatMap(({ name, securityContext: context }): [boolean, string][] => [
      [context?.allowPrivilegeEscalation !== false, `${name} may gain privileges`],
      [context?.privileged === true, `${name} is privileged`],
      [!context?.capabilities?.drop?.includes('ALL'), `${name} keeps capabilities`],
      [(context?.capabilities?.add ?? []).length > 0, `${name} adds capabilities`],
      [context?.readOnlyRootFilesystem !== true, `${name} may write its root`],
    ]),
  ]
  return problems.filter(([wrong]) => wrong).map(([, what]) => what)
}
