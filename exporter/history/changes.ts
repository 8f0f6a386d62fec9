/**
 * The values of one series by step (time / step): when they changed and to what. Two bytes a change
 * mostly, so that a month of a thousand features fits in memory.
 */
export interface Changes {
  /** The value from this step on; steps never go backward, the last one said for a step counts. */
  set(step: number, value: number): void
  readonly step: number | undefined
  readonly value: number
  /** Forgets all but the value, which is as of this step. */
  restart(step: number): void
  /** Runs of equal values, in order; the last one has no end. */
  runs(): Runs
}

export interface Runs {
  /** First step of the run. */
  step: number
  value: number
  /** First step after it. */
  end: number
  /** False at the end. */
  next(): boolean
}

export function createChanges(): Changes {
  /** Differences to the change before, 7 bits a byte: step, then value with its sign in the lowest bit. */
  let bytes = new Uint8Array(32)
  let length = 0
  let step: number | undefined
  let value = 0
  let written = { step: 0, value: 0 }
  let count = 0

  function put(number: number): void {
    let rest = number
    while (rest >= 128) {
      bytes[length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    bytes[length++] = rest
  }

  function write(): void {
    if (step === undefined) return
    if (length + 20 > bytes.length) {
      const more = new Uint8Array(bytes.length * 2)
      more.set(bytes)
      bytes = more
    }
    put(zigzag(step - written.step))
    put(zigzag(value - written.value))
    written = { step, value }
    count++
  }

  return {
    get step() {
      return step
    },
    get value() {
      return value
    },
    set(at, now) {
      if (at !== step) {
        if (now === value && step !== undefined) return
        write()
        step = at
      }
      value = now
    },
    restart(at) {
      length = 0
      count = 0
      written = { step: 0, value: 0 }
      step = at
    },
    runs() {
      const last = { step, value }
      let at = 0
      let left = count
      const before = { step: 0, value: 0 }

      function take(): number {
        let number = 0
        for (let unit = 1; ; unit *= 128) {
          const byte = bytes[at++] as number
          number += (byte & 127) * unit
          if (byte < 128) return number % 2 === 0 ? number / 2 : -(number + 1) / 2
        }
      }

      function read(): boolean {
        if (left > 0) {
          left--
          before.step += take()
          before.value += take()
          return true
        }
        if (left === 0 && last.step !== undefined) {
          left = -1
          before.step = last.step
          before.value = last.value
          return true
        }
        return false
      }

      let more = read()
      const run: Runs = {
        step: 0,
        value: 0,
        end: 0,
        next() {
          if (!more) return false
          run.step = before.step
          run.value = before.value
          more = read()
          run.end = more ? before.step : Number.POSITIVE_INFINITY
          return true
        },
      }
      return run
    },
  }
}

function zigzag(number: number): number {
  return number >= 0 ? number * 2 : -number * 2 - 1
}
