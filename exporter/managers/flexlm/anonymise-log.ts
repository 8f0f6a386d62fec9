import { anonymiseWords, type Pseudonym } from '../anonymise.ts'
import { toldDate } from './log-clock.ts'
import { logEvent, logLine, longestLogLine } from './log-line.ts'

/** Events keep their kind, feature, seats and reason; dates stay; other lines lose their text. */
export function anonymiseLogLine(pseudonym: Pseudonym): (line: string) => string {
  return line => {
    const found = line.length > longestLogLine ? undefined : logLine(line)
    if (!found) {
      // The second half of a wrapped line: `(Licensed number of users already reached. (-4,342))`.
      if (/^\s*\([^@]*\)\s*$/.test(line.slice(0, 300))) return line
      return anonymiseWords(line.slice(0, longestLogLine), pseudonym)
    }
    const begin = line.slice(0, line.length - found.body.length).replace(/^[^|]*\|/, 'lmgrd |')
    const event = logEvent(found.body)
    if (event) {
      const { kind, feature, user, host, tail } = event
      const names = user.split(' ').map(pseudonym).join(' ')
      const isQuoted = /^[^"@]{1,30}"/.test(found.body)
      // A name without quotes and without a host is one behind `by`.
      const alone = isQuoted ? names : `by ${names}`
      const who = host === '' ? alone : `${names}@${pseudonym(host)}`
      return `${begin}${kind}: ${isQuoted ? `"${feature}"` : feature} ${who}  ${tail}`.trimEnd()
    }
    if (/^FLEX\w* /i.test(found.body)) {
      return begin + found.body.replace(/started on \S+/, 'started on host')
    }
    if (toldDate(found.body)) return begin + found.body
    if (/^Server started on \S+ for:/.test(found.body)) return `${begin}Server started on host for:`
    if (/^(?:EXITING DUE TO |\S+ exited with status )/.test(found.body)) return begin + found.body
    return `${begin}removed`
  }
}
