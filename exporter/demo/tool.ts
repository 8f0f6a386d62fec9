import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lmstat } from './lmstat.ts'
import { rlmstat } from './rlmstat.ts'
import { sesictrl } from './sesictrl.ts'
import { type DemoServer, site } from './site.ts'
import { timestamp, vendorLog } from './vendor-log.ts'

const day = 86_400

/**
 * The demo's vendor tool, a program that the real runner starts: `demo-tool FILE ARGUMENTS…`, FILE
 * being what the configuration points at, prints what lmutil, rlmutil or sesictrl would, and lets the server's log grow to now.
 * @returns the exit code that the vendor's tool has
 */
export function demoTool(args: readonly string[], at: number): { text: string; exitCode: number } {
  const [file = '', ...vendorArguments] = args
  const folder = dirname(file)
  const server = site.find(one => vendorArguments.some(word => word.includes(one.address)))
  if (!server)
    return { text: `demo-tool: no such server: ${vendorArguments.join(' ')}\n`, exitCode: 1 }
  const epoch = demoEpoch(folder, at)
  if (!server.down) growLog(server, folder, at)
  const text = { flexlm: lmstat, rlm: rlmstat, sesinetd: sesictrl }[server.manager](
    server,
    at,
    epoch,
  )
  return { text, exitCode: server.down ? 241 : 0 }
}

/** Day from which the expiries of the demo count: they stand still while it runs. */
export function demoEpoch(folder: string, at: number): number {
  const file = join(folder, 'epoch')
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'))
  const epoch = Math.floor(at / day) * day
  writeFileSync(file, String(epoch))
  return epoch
}

export function logFile(folder: string, server: string): string {
  return join(folder, `${server}.log`)
}

/** Appends what happened since the last call; a new day begins a new file, as logrotate does it. */
function growLog(server: DemoServer, folder: string, at: number): void {
  const file = logFile(folder, server.name)
  const mark = `${file}.at`
  const last = existsSync(mark) ? Number(readFileSync(mark, 'utf8')) : at - (at % 3600)
  if (Math.floor(last / day) !== Math.floor(at / day) && existsSync(file))
    renameSync(file, `${file}.1`)
  if (!existsSync(file)) {
    writeFileSync(file, server.manager === 'flexlm' ? timestamp(last) : '')
  }
  appendFileSync(file, vendorLog(server, last, at))
  writeFileSync(mark, String(at))
}
