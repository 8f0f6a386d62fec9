import type { BigIntStats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { inodeOf } from './open-log.ts'

/** A file beside a log that may be an older part of it. */
export interface Relative {
  path: string
  inode: string
  size: number
  modified: bigint
}

export function partKey({ inode, modified }: Relative): string {
  return `${inode}:${modified}`
}

/**
 * What rotation left beside a log, the oldest first: `x.log.1`, `x.log-20260105`, `x-20260105.log`,
 * `x.log.old`; compressed ones are left out.
 */
export async function relatives(path: string): Promise<Relative[]> {
  let before = ''
  let found: Relative[] = []
  // While names are shifted a listing may miss a file: two in a row have to agree.
  for (let i = 0; i < 5; i++) {
    found = await list(path)
    const now = found.map(one => `${one.path} ${one.inode}`).join('\n')
    if (i > 0 && now === before) break
    before = now
  }
  return found
}

async function list(path: string): Promise<Relative[]> {
  const folder = dirname(path)
  const isRelative = relativeNames(basename(path))
  let names: string[]
  try {
    names = (await readdir(folder)).filter(isRelative)
  } catch {
    return []
  }
  const found = await Promise.all(names.map(name => describe(join(folder, name))))
  return found
    .filter(one => one !== undefined)
    .sort(
      (a, b) =>
        order(a.modified, b.modified) ||
        order(b.path.length, a.path.length) ||
        order(b.path, a.path),
    )
}

/** Among files of one moment a higher number is older: `.2` before `.1`. */
function order<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export async function regular(path: string): Promise<BigIntStats | 'none' | 'other'> {
  try {
    const stats = await stat(path, { bigint: true })
    return stats.isFile() ? stats : 'other'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none'
    throw error
  }
}

async function describe(path: string): Promise<Relative | undefined> {
  try {
    const stats = await regular(path)
    if (typeof stats === 'string') return undefined
    return { path, inode: inodeOf(stats), size: Number(stats.size), modified: stats.mtimeNs }
  } catch {
    return undefined
  }
}

function relativeNames(name: string): (other: string) => boolean {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  const suffix = /^[._-](?:\d[\dT:._-]*|old|bak|prev|orig)$/
  const middle = /^[._-]\d[\dT:._-]*$/
  return other => {
    if (other === name) return false
    if (other.startsWith(name) && suffix.test(other.slice(name.length))) return true
    if (!extension || !other.startsWith(stem) || !other.endsWith(extension)) return false
    return middle.test(other.slice(stem.length, other.length - extension.length))
  }
}

/** The parts after these files, or, where they are gone, those written since. */
export function newerThan(
  all: readonly Relative[],
  files: readonly { inode: string }[],
  modified: bigint,
): readonly Relative[] {
  const last = all.findLastIndex(one => files.some(({ inode }) => inode === one.inode))
  return last < 0 ? all.filter(one => one.modified > modified) : all.slice(last + 1)
}

/**
 * The parts after the one with this key. One that is still held open may have been written since;
 * of any other only the whole key counts, for inodes are given away again.
 */
export function partsAfter(
  all: readonly Relative[],
  key: string | undefined,
  held: (inode: string) => boolean,
): readonly Relative[] {
  if (key === undefined) return all
  const [, inode = '', modified = ''] = /^(.*):(\d+)$/.exec(key) ?? []
  const last = all.findLastIndex(
    one => partKey(one) === key || (one.inode === inode && held(inode)),
  )
  if (last >= 0) return all.slice(last + 1)
  return all.filter(one => one.inode !== inode && one.modified > BigInt(modified))
}
