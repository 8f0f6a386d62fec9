import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { corpusFolder, corpusIsThere } from '../corpus/sidecar.ts'

const fixtureFolder = fileURLToPath(new URL('../fixtures', import.meta.url))

/** Longer files are cut: a million inputs of 1.8 MB say no more than those of 24 kB. */
const most = 24_000

/** What is mutated for one manager: its fixtures, and the captures where they are. */
export function inputs(manager: string): { texts: Buffer[]; logs: Buffer[] } {
  const texts: Buffer[] = []
  const logs: Buffer[] = []
  const folders = [join(fixtureFolder, manager)]
  if (corpusIsThere) {
    for (const name of readdirSync(corpusFolder)) {
      if (name.startsWith(manager) || name === 'synthetic') folders.push(join(corpusFolder, name))
    }
  }
  for (const file of folders.flatMap(files)) {
    if (/(?:case|snapshot|expect)\.json$|\.jsonl$|\.prom$/.test(file)) continue
    const bytes = readFileSync(file).subarray(0, most)
    if (file.endsWith('.log')) logs.push(bytes)
    else texts.push(bytes)
  }
  if (texts.length === 0) texts.push(Buffer.from('one line\n'))
  if (logs.length === 0) logs.push(Buffer.from('10:00:00 (x) OUT: "f" a@b\n'))
  return { texts, logs }
}

function files(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
