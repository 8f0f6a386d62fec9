import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { duration } from '../config/units.ts'

/** Keys of every `[[server]]` table; a manager adds its own with a spread. */
export const serverShape = {
  name: z
    .string()
    .min(1, 'a server needs a name')
    .max(200)
    .refine(name => !/[\u0000-\u001f\u007f]/.test(name), 'control characters are not allowed'),
  interval: duration(1, 86_400).prefault('60s'),
  timeout: duration(0.1, 300).prefault('10s'),
  timezone: timeZone().optional(),
  features: z
    .strictObject({
      include: z.array(z.string()).default(['*']),
      exclude: z.array(z.string()).default([]),
    })
    .prefault({}),
  logs: z.array(absolutePath()).default([]),
  read: absolutePath().optional(),
  get: z.url({ protocol: /^https?$/, error: 'write an http:// or https:// URL' }).optional(),
  max_age: duration(1, 31 * 86_400).optional(),
}

export function absolutePath() {
  return z.string().refine(isAbsolute, 'write an absolute path')
}

function timeZone() {
  return z.string().refine(name => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
    } catch {
      return false
    }
  }, 'write an IANA time zone such as "Europe/Berlin"')
}

/** What the rest of the exporter knows of a `[[server]]` table, whatever its manager. */
export interface ServerConfig {
  name: string
  manager: string
  interval: number
  timeout: number
  timezone?: string | undefined
  features: { include: string[]; exclude: string[] }
  logs: string[]
  read?: string | undefined
  get?: string | undefined
  max_age?: number | undefined
  address?: string | undefined
  tool?: string | undefined
  license_files?: string[] | undefined
}
