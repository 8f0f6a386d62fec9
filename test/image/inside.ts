import { readFileSync, statSync } from 'node:fs'
import type { Results } from './built.ts'

/** The first process of the container, seen from outside. */
export function inside(pid: number, results: Results): void {
  const of = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8')
  const command = of('cmdline').split('\0')[0]
  results.check(command === '/sbin/tini', `the first process is ${command}`)
  const [, first] = /^NSpid:.*\t(\d+)$/m.exec(of('status')) ?? []
  results.check(first === '1', `its number in there is ${first}`)
  const users = new Set(/^Uid:\t(.*)$/m.exec(of('status'))![1]!.split('\t'))
  const user = outside(of('uid_map'), 65_532)
  results.check(users.size === 1 && users.has(`${user}`), `it runs as ${[...users]}`)
  const root = of('mountinfo')
    .split('\n')
    .find(line => line.split(' ')[4] === '/')
  results.check(/^ro\b/.test(root?.split(' ')[5] ?? ''), `its root is read-only: ${root}`)
  const state = statSync(`/proc/${pid}/root/var/lib/license-exporter`)
  results.check(state.uid === user, `its state belongs to ${state.uid}`)
}

/** The machine's number of a user of the container. */
function outside(map: string, user: number): number | undefined {
  for (const line of map.trim().split('\n')) {
    const [from = 0, to = 0, count = 0] = line.trim().split(/\s+/).map(Number)
    if (user >= from && user < from + count) return to + user - from
  }
  return undefined
}
