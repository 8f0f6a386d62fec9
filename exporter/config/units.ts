import { z } from 'zod'
import { secondsIn } from './quantity.ts'

const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** A duration such as `60s`, `5m`, `1.5h`; seconds in the program. */
export function duration(min: number, max: number) {
  return z.string('write a duration such as "60s", "5m" or "1h"').transform((text, context) => {
    const seconds = secondsIn(text)
    if (seconds >= min && seconds <= max) return seconds
    const why = Number.isNaN(seconds)
      ? `"${text}" is not a duration`
      : `"${text}" is not between ${min} s and ${max} s`
    context.addIssue({ code: 'custom', message: `${why}: write for example "60s" or "5m"` })
    return z.NEVER
  })
}

/** A size such as `64MiB`; bytes in the program. */
export function size(min: number, max: number) {
  return z.string('write a size such as "64MiB"').transform((text, context) => {
    const [, amount, unit = ''] = /^(\d+)\s*(B|KB|MB|GB|KiB|MiB|GiB)$/.exec(text) ?? []
    const bytes = Number(amount) * (bytesOf[unit] ?? Number.NaN)
    if (bytes >= min && bytes <= max) return bytes
    const why = Number.isNaN(bytes)
      ? `"${text}" is not a size`
      : `"${text}" is not between ${min} and ${max} bytes`
    context.addIssue({ code: 'custom', message: `${why}: write for example "64MiB"` })
    return z.NEVER
  })
}
