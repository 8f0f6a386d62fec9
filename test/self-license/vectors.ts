import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Public test vectors beside the checkout; never part of it. */
export const vectorFolder = fileURLToPath(new URL('../../../shared/vectors', import.meta.url))
export const vectorsAreThere = existsSync(vectorFolder)
export const noVectors = `skipped: no vectors at ${vectorFolder}`

// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes.
export function vector(file: string): any {
  return JSON.parse(readFileSync(join(vectorFolder, file), 'utf8'))
}

export function vectorFiles(folder: string): Buffer[] {
  return readdirSync(join(vectorFolder, folder)).map(name =>
    readFileSync(join(vectorFolder, folder, name)),
  )
}

/** One JSON value a line. */
export function vectorLines<T>(file: string): T[] {
  return readFileSync(join(vectorFolder, file), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}
