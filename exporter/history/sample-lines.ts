import type { Changes } from './changes.ts'

const pieceBytes = 256 * 1024

/** Whole lines of an OpenMetrics file; good until the next call. */
export type Write = (piece: Uint8Array) => void

export interface SampleLines {
  text(text: string): void
  /** One line a step from `first` to `last`, from where the series begins. */
  series(name: string, changes: Changes, stretches: readonly Steps[], step: number): void
  /** Whether any series had a line. */
  readonly any: boolean
  end(): void
}

/** Steps (time / step), both of them included. */
export interface Steps {
  first: number
  last: number
}

/**
 * A month has millions of samples and its file is mostly the same labels over and over: lines of
 * one length are laid out by copying and only their digits are written.
 */
export function sampleLines(write: Write): SampleLines {
  let piece = Buffer.allocUnsafe(pieceBytes)
  let size = 0
  let any = false

  function flush(): void {
    if (size > 0) write(piece.subarray(0, size))
    size = 0
  }

  function room(bytes: number): void {
    if (size + bytes <= piece.length) return
    flush()
    if (bytes > piece.length) piece = Buffer.allocUnsafe(bytes)
  }

  /** `count` lines: a name and its labels, then so many digits, a blank, a time and a line feed. */
  function lay(name: Buffer, digits: number, timeDigits: number, count: number): void {
    const line = name.length + digits + timeDigits + 3
    name.copy(piece, size)
    piece[size + name.length] = 32
    piece[size + name.length + 1 + digits] = 32
    piece[size + line - 1] = 10
    for (let laid = 1; laid < count; ) {
      const more = Math.min(laid, count - laid)
      piece.copyWithin(size + laid * line, size, size + more * line)
      laid += more
    }
  }

  /** Decimal digits that end before `end`. */
  function put(value: number, end: number): void {
    let at = end
    let rest = value
    do {
      const tens = Math.floor(rest / 10)
      piece[--at] = 48 + rest - tens * 10
      rest = tens
    } while (rest > 0)
  }

  return {
    text(text) {
      room(Buffer.byteLength(text))
      size += piece.write(text, size)
    },
    series(name, changes, stretches, step) {
      const prefix = Buffer.from(name)
      const runs = changes.runs()
      if (!runs.next()) return
      for (const { first, last } of stretches) {
        let now = Math.max(first, runs.step)
        /** Lines that are laid out and wait for their digits. */
        let laid = 0
        let length = { value: 0, time: 0 }
        any ||= now <= last
        for (; now <= last; now++) {
          while (runs.end <= now) runs.next()
          const time = now * step
          const value = digitsOf(runs.value)
          const timeLength = time < 0 ? 0 : digitsOf(time)
          if (timeLength === 0) {
            laid = 0
            this.text(`${name} ${runs.value} ${time}\n`)
            continue
          }
          if (laid === 0 || value !== length.value || timeLength !== length.time) {
            length = { value, time: timeLength }
            const line = prefix.length + value + timeLength + 3
            room(line)
            const until = Math.min(last, runs.end + 31)
            laid = Math.min(Math.floor((piece.length - size) / line), until - now + 1)
            lay(prefix, value, timeLength, laid)
          }
          const end = size + prefix.length + 1 + value
          put(runs.value, end)
          put(time, end + 1 + timeLength)
          size = end + timeLength + 2
          laid--
        }
      }
    },
    get any() {
      return any
    },
    end: flush,
  }
}

function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}
