import { readFileSync } from 'node:fs'

/** A package that comes along when the exporter is installed. */
export interface Dependency {
  name: string
  version: string
  license: string
  /** `sha512-…` of its archive. */
  integrity: string | undefined
  dependencies: readonly string[]
}

interface LockedPackage {
  version: string
  license?: string
  integrity?: string
  dev?: boolean
  optional?: boolean
  dependencies?: Record<string, string>
}

/** What package-lock.json pins for users: neither tools of this repository nor the bundled Node. */
export function dependencies(lockFile: string): Dependency[] {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  return Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
    .map(([path, one]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: one.version,
      license: one.license ?? 'unknown',
      integrity: one.integrity,
      dependencies: Object.keys(one.dependencies ?? {}),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Licenses that ask for no more than their own text. */
const permissive = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

/** One sentence for each package under another license (copyleft, or none named). */
export function refusedLicenses(packages: readonly Dependency[]): string[] {
  return packages
    .filter(({ license }) => !license.split(/ OR /).some(one => permissive.includes(one)))
    .map(({ name, version, license }) => `${name} ${version} has license ${license}`)
}
