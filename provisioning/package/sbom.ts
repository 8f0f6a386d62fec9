import { createHash } from 'node:crypto'
import type { Dependency } from './dependencies.ts'

/**
 * The bill of materials, CycloneDX 1.6. Its serial number is a hash of what it lists, and it has no
 * time: equal sources give equal files.
 */
export function sbom(
  product: { name: string; version: string; license: string },
  packages: readonly Dependency[],
  direct: readonly string[],
): unknown {
  const root = purl(product)
  const refs = new Map(packages.map(one => [one.name, purl(one)]))
  const refsOf = (names: readonly string[]) => names.flatMap(name => refs.get(name) ?? []).sort()
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid([root, ...refs.values()].join('\n'))}`,
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': root, ...component(product) } },
    components: packages.map(one => ({
      type: 'library',
      'bom-ref': purl(one),
      ...component(one),
      ...(one.integrity && { hashes: [hash(one.integrity)] }),
    })),
    dependencies: [
      { ref: root, dependsOn: refsOf(direct) },
      ...packages.map(one => ({ ref: purl(one), dependsOn: refsOf(one.dependencies) })),
    ],
  }
}

function component({ name, version, license }: Pick<Dependency, 'name' | 'version' | 'license'>) {
  const licenses = [license.includes(' ') ? { expression: license } : { license: { id: license } }]
  return { name, version, licenses, purl: purl({ name, version }) }
}

function purl({ name, version }: { name: string; version: string }): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** package-lock.json has base64, CycloneDX hexadecimal digits. */
function hash(integrity: string) {
  const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
  return { alg: 'SHA-512', content }
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
