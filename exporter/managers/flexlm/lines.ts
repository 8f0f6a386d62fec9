/** Whole lines of a text without their ends; a list of 16 MB of lines is never made. */
export function eachLine(whole: string, each: (line: string) => void): void {
  // Line ends of old Macs, or what a terminal's recording left of CRLF.
  const text = whole.includes('\n') ? whole : whole.replaceAll('\r', '\n')
  let start = 0
  const length = text.length
  while (start < length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = length
    let stop = end
    while (stop > start && text.charCodeAt(stop - 1) === 13) stop--
    each(text.slice(start, stop))
    start = end + 1
  }
}
