import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A root folder with a program, the libraries that it is linked with, /tmp and /dev/null: no shell,
 * no Node, no /proc, no /etc.
 * @returns the libraries
 */
export function smallRoot(root: string, program: string): string[] {
  mkdirSync(join(root, 'tmp'), { recursive: true, mode: 0o1777 })
  const libraries = putLibraries(root, program)
  put(program, join(root, 'license-exporter'))
  device(root)
  return libraries
}

/** What the program is linked with, under the same names. */
export function putLibraries(root: string, program: string): string[] {
  const libraries = [
    ...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g),
  ].map(found => found[1]!)
  for (const path of libraries) put(path, join(root, path))
  return libraries
}

function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

/** Every container has it; without the right to make devices an empty file does as well. */
function device(root: string): void {
  mkdirSync(join(root, 'dev'), { recursive: true })
  try {
    execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3'], { stdio: 'pipe' })
  } catch {
    writeFileSync(join(root, 'dev/null'), '')
  }
}
