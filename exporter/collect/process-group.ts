import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Leaders of the groups that run now; the leader's pid is the group's id. */
const groups = new Set<number>()
let watching = false

const windows = process.platform === 'win32'

/** A program that dies of a bug takes its tools with it. */
export function ownGroup(leader: number): void {
  groups.add(leader)
  if (watching) return
  watching = true
  process.once('exit', closeTools)
}

export function disownGroup(leader: number): void {
  groups.delete(leader)
}

/** Ends every tool that still runs, now and without waiting. */
export function closeTools(): void {
  for (const leader of groups) signalGroup(leader, 'SIGKILL')
  groups.clear()
}

/** How many tools run now. */
export function runningTools(): number {
  return groups.size
}

export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (windows) {
    endTree(leader)
    return
  }
  try {
    process.kill(-leader, signal)
  } catch {
    // ESRCH: nobody is left. EPERM: what is left runs as somebody else.
  }
}

/** Somebody of the group lives. Once nobody does, its id may be given to strangers. */
export function groupLives(leader: number): boolean {
  if (windows) return false
  try {
    process.kill(-leader, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Windows knows no process groups and no SIGTERM for consoles: end the tree of children by force. */
function endTree(leader: number): void {
  const taskkill = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe')
  spawn(taskkill, ['/pid', String(leader), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
    .on('error', () => {})
    .unref()
}
