import { readdirSync, readFileSync } from 'node:fs'

/** Living processes whose environment holds this text, from /proc. */
export function processesWith(marker: string): number[] {
  return pids().filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)
    } catch {
      return false
    }
  })
}

/** Ended processes that nobody waited for: our children, and orphans that came to process 1. */
export function zombies(): number {
  return pids().filter(pid => {
    try {
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')
      return state === 'Z' && (parent === String(process.pid) || parent === '1')
    } catch {
      return false
    }
  }).length
}

export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
}
