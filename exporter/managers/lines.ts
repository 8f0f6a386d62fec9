/** Longer lines are no vendor's: they are counted, not matched, so that no pattern meets a megabyte. */
export const longestLine = 16_384

/** `compose logs` and `docker logs` print `service  | ` before every line; journald prints none. */
const containerPrefix = /^[^|{}[\]"<>]{0,80}?\s\|(?: |$)/

/**
 * The lines of a tool's text without their ends, whatever they are (LF, CRLF, CR), without a byte
 * order mark, and without the prefix of a container's log if every line has one.
 */
export function splitLines(text: string): string[] {
  const lines = (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r\n|\n|\r/)
  const first = lines.find(line => line.trim() !== '')
  if (first === undefined || !containerPrefix.test(first)) return lines
  const prefixed = lines.every(line => containerPrefix.test(line) || line.trim() === '')
  return prefixed ? lines.map(line => line.replace(containerPrefix, '')) : lines
}

/**
 * Whether one of the first lines is of this form. Texts are recognised by their lines, never as a
 * whole: a pattern that meets a megabyte of blanks may try each of them against each.
 */
export function someLine(lines: readonly string[], form: RegExp): boolean {
  const most = Math.min(lines.length, 20_000)
  for (let index = 0; index < most; index++) {
    const line = lines[index] ?? ''
    if (line !== '' && line.length <= 1000 && form.test(line)) return true
  }
  return false
}

/** What is kept of a line that was not understood: enough to see what it was. */
export function excerpt(line: string): string {
  return line.length > 500 ? `${line.slice(0, 500)}…` : line
}
