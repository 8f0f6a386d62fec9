import type { FeatureProblem } from '../../model.ts'

/** `Users of NAME: …` */
export interface HeadingText {
  name: string
  /** undefined = not understood, or cut. */
  told: { uncounted?: true; issued?: number; used?: number; problem?: FeatureProblem } | undefined
}

const begin = 'Users of '
/** A word may stand before "licenses": `Total of 5 floating licenses issued`. */
const numbers =
  /^\(Total of (\d+) (?:[a-z-]+ )?licenses? issued; +Total of (\d+) licenses? in use(?:,[^()]*)?\)/
/** Before version 9.2: as many as are served, whoever holds them; who does the lines tell. */
const available = /^\(Total of (\d+) (?:[a-z-]+ )?licenses? available\)/

/** FlexLM's own "unlimited". */
const sentinels = new Set([2147483646, 2147483647])

/** undefined = no heading: cut before the colon, or "Users of features served by …". */
export function headingText(trimmed: string): HeadingText | undefined {
  if (!trimmed.startsWith(begin)) return undefined
  const blank = trimmed.indexOf(' ', begin.length)
  let end = blank < 0 ? trimmed.length : blank
  if (trimmed.charCodeAt(end - 1) !== colon) {
    // `Users of X:(Total …`, `Users of X : (Total …`
    end = trimmed.indexOf(':', begin.length) + 1
    if (end === 0) return undefined
  }
  const name = trimmed.slice(begin.length, end - 1).trimEnd()
  if (name === '' || name.includes(' ')) return undefined
  return { name, told: told(trimmed.slice(end).trim()) }
}

const colon = 58

function told(text: string): HeadingText['told'] {
  const total = numbers.exec(text)
  if (total) {
    const issued = Number(total[1])
    const used = Number(total[2])
    return sentinels.has(issued) ? { uncounted: true, used } : { issued, used }
  }
  const served = available.exec(text)
  if (served) {
    const issued = Number(served[1])
    return sentinels.has(issued) ? { uncounted: true } : { issued }
  }
  if (/^\(Uncounted\b/i.test(text)) return { uncounted: true }
  // "(Error: 1 licenses, unsupported by licensed server)"
  const error = /^\(Error: (\d+) licenses?, ([^()]*)\)/.exec(text)
  if (error) {
    const problem = problemOf(error[2] ?? '')
    return { issued: Number(error[1]), ...(problem && { problem }) }
  }
  // Not begun: nothing can be checked out yet.
  const early = /^\(Warning: (\d+) licenses?, future start date\)/.exec(text)
  if (early) return { issued: Number(early[1]), problem: 'disabled' }
  // "Cannot get users of X: No such feature exists. (-5,222)"
  if (/^Cannot get users of /.test(text)) {
    const problem = problemOf(text)
    return problem ? { problem } : {}
  }
  return undefined
}

function problemOf(text: string): FeatureProblem | undefined {
  const code = Number(/\((-\d+)[,)]/.exec(text.slice(-200))?.[1] ?? 0)
  if (code === -5 || /no such feature/i.test(text)) return 'no_such_feature'
  if (code === -18 || code === -25 || /\bunsupported\b|does not support/i.test(text)) {
    return 'unsupported'
  }
  if (code === -10 || /\bexpired\b/i.test(text)) return 'expired'
  if (/\bdisabled\b/i.test(text)) return 'disabled'
  return undefined
}
