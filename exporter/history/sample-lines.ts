import type { Changes } from './changes.ts'

const pieceBytes = 256 * 1024
/** Of the times that stand in one block only so many digits differ. */
const turnDigits = 6
const turn = 10 ** turnDigits

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

  /** `count` lines of a name and its labels, this value and this time. */
  function lay(name: Buffer, value: string, time: string, count: number): void {
    const line = name.length + value.length + time.length + 3
    name.copy(piece, size)
    piece.write(` ${value} ${time}\n`, size + name.length, 'latin1')
    for (let laid = 1; laid < count; ) {
      const more = Math.min(laid, count - laid)
      piece.copyWithin(size + laid * line, size, size + more * line)
      laid += more
    }
  }

  /** Decimal digits that end before `end`. */
  function put(value: number, digits: number, end: number): void {
    let rest = value
    for (let at = end - 1; at >= end - digits; at--) {
      // Division of whole numbers of 31 bits is many times faster.
      const tens = rest < 0x80000000 ? ((rest | 0) / 10) | 0 : Math.floor(rest / 10)
      piece[at] = 48 + rest - tens * 10
      rest = tens
    }
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
        const from = Math.max(first, runs.step)
        any ||= from <= last
        /** What is laid out: lines to come, and what stands in them. */
        let laid = { lines: 0, value: 0, valueDigits: 0, timeDigits: 0, sameTimeUntil: 0 }
        for (let now = from; now <= last; now++) {
          while (runs.end <= now) runs.next()
          const time = now * step
          const { value } = runs
          if (
            laid.lines === 0 ||
            time >= laid.sameTimeUntil ||
            (value !== laid.value && digitsOf(value) !== laid.valueDigits)
          ) {
            const digits = String(value)
            const begin = String(time)
            const line = prefix.length + digits.length + begin.length + 3
            room(line)
            const sameTimeUntil = (Math.floor(time / turn) + 1) * turn
            const most =
              time < turn
                ? 1
                : Math.min(
                    Math.floor((piece.length - size) / line),
                    Math.ceil((sameTimeUntil - time) / step),
                    last - now + 1,
                    runs.end - now + 15,
                  )
            lay(prefix, digits, begin, most)
            laid = {
              lines: most,
              value,
              valueDigits: digits.length,
              timeDigits: begin.length,
              sameTimeUntil,
            }
          }
          const end = size + prefix.length + 1 + laid.valueDigits
          if (value !== laid.value) put(value, laid.valueDigits, end)
          size = end + laid.timeDigits + 2
          if (time > 0) put(time % turn, Math.min(laid.timeDigits, turnDigits), size - 1)
          laid.lines--
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
