/** A bar on a terminal, nothing elsewhere. */
export function progress(total: number): { add(bytes: number): void; end(): void } {
  const { stderr } = process
  if (!stderr.isTTY || total === 0) return { add() {}, end() {} }
  let done = 0
  let shown = -1
  return {
    add(bytes) {
      done += bytes
      const percent = Math.min(100, Math.floor((done / total) * 100))
      if (percent === shown) return
      shown = percent
      const filled = Math.round(percent * 0.4)
      stderr.write(`\r[${'#'.repeat(filled)}${' '.repeat(40 - filled)}] ${percent} %`)
    },
    end: () => void stderr.write('\r\x1b[K'),
  }
}
