import { fileURLToPath } from 'node:url'

/** Path of a fake vendor tool, a real program. */
export function tool(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tools/${name}`, import.meta.url))
}
