import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DemoServer, site } from './site.ts'
import { beginOfLog, vendorLog } from './vendor-log.ts'

const day = 86_400

export interface HistoryLog {
  server: string
  manager: DemoServer['manager']
  file: string
}

/**
 * The logs that the simulated servers wrote in [from, to] (Unix seconds), into this folder; none of
 * sesinetd, whose log tells peaks and no checkout.
 */
export function writeHistoryLogs(folder: string, from: number, to: number): HistoryLog[] {
  const begin = from - (from % 60)
  const telling = site.filter(({ manager, down }) => manager !== 'sesinetd' && !down)
  return telling.map(server => {
    const file = join(folder, `${server.name}.log`)
    writeFileSync(file, beginOfLog(server, begin))
    for (let at = begin; at < to; at += day) {
      appendFileSync(file, vendorLog(server, at, Math.min(at + day, to)))
    }
    return { server: server.name, manager: server.manager, file }
  })
}
