import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts a vendor tool with the shell that it needs into a folder that is /opt/vendor later. It leaves
 * a process behind, whose parent is gone when it ends.
 */
export function putOrphaningTool(folder: string): void {
  mkdirSync(folder, { recursive: true })
  copyFileSync('/bin/dash', join(folder, 'sh'))
  const orphan = 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done'
  writeFileSync(join(folder, 'lmutil'), `#!/opt/vendor/sh\n( ( ${orphan} ) & )\necho nothing\n`)
  for (const name of ['sh', 'lmutil']) chmodSync(join(folder, name), 0o755)
}

/** Five license servers that are asked by it. */
export const orphaningServers = [1, 2, 3, 4, 5]
  .map(
    i =>
      `[[server]]\nname = "s${i}"\nmanager = "flexlm"\naddress = "27000@lic${i}"\ntool = "/opt/vendor/lmutil"\n`,
  )
  .join('')

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
}

/** Children that ended and that nobody waited for. */
export function zombiesOf(pid: number): number {
  return childrenOf(pid).filter(child => state(child) === 'Z').length
}

function state(pid: number): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
