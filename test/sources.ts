import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Source {
  path: string
  text: string
}

/** Our own sources, by patterns from the root of the project. */
export function sources(...patterns: string[]): Source[] {
  return globSync(patterns, { cwd: root })
    .filter(path => !path.includes('node_modules'))
    .sort()
    .map(path => ({
      path: path.replaceAll('\\', '/'),
      text: readFileSync(`${root}/${path}`, 'utf8'),
    }))
}
