import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that a test needs and a machine may lack: its path, or undefined and one sentence. */
export function tool(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  console.log(`skipped: ${name} is not installed; the tests that need it do not run`)
  return undefined
}
