import { crc32 } from 'node:zlib'
import type { LicenseEvent } from '../catalogue.ts'
import type { Carried } from './announced.ts'

/** One line of the spool. */
export interface SpoolRecord {
  /** Without gaps: a gap found later is a loss that can be counted. */
  seq: number
  /** Unix seconds at which it was written; the age of the event in the spool. */
  written: number
  event: LicenseEvent
  announced?: Carried['announced']
  origin?: Carried['origin']
}

/** `1b2c3d4e {"seq":1,…}`: a line that was torn or changed does not fit its sum. */
export function encodeRecord(record: SpoolRecord): string {
  const json = JSON.stringify(record)
  return `${sum(json)} ${json}\n`
}

/** undefined = damaged. */
export function decodeRecord(line: string): SpoolRecord | undefined {
  if (line[8] !== ' ') return undefined
  const json = line.slice(9)
  if (sum(json) !== line.slice(0, 8)) return undefined
  try {
    return JSON.parse(json) as SpoolRecord
  } catch {
    return undefined
  }
}

function sum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0')
}
