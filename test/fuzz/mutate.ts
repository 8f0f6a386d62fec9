/** A repeatable source of numbers: one seed is one run. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Mutation = (bytes: Buffer, next: () => number, others: readonly Buffer[]) => Buffer

const below = (next: () => number, limit: number) => Math.floor(next() * limit)

const mutations: readonly Mutation[] = [
  function flipBytes(bytes, next) {
    const made = Buffer.from(bytes)
    for (let i = 1 + below(next, 8); i > 0 && made.length > 0; i--) {
      made[below(next, made.length)] = below(next, 256)
    }
    return made
  },
  function cut(bytes, next) {
    return bytes.subarray(0, below(next, bytes.length + 1))
  },
  function cutBegin(bytes, next) {
    return bytes.subarray(below(next, bytes.length + 1))
  },
  function splice(bytes, next, others) {
    const other = others[below(next, others.length)] ?? bytes
    return Buffer.concat([
      bytes.subarray(0, below(next, bytes.length + 1)),
      other.subarray(below(next, other.length + 1)),
    ])
  },
  function repeatLine(bytes, next) {
    return withLines(bytes, lines => {
      const at = below(next, lines.length)
      const times = 1 + below(next, 40)
      lines.splice(at, 0, ...new Array<string>(times).fill(lines[at] ?? ''))
    })
  },
  function deleteLines(bytes, next) {
    return withLines(bytes, lines => lines.splice(below(next, lines.length), 1 + below(next, 5)))
  },
  function swapLines(bytes, next) {
    return withLines(bytes, lines => {
      const one = below(next, lines.length)
      const other = below(next, lines.length)
      ;[lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? '']
    })
  },
  function editNumber(bytes, next) {
    const choices = ['0', '-1', '99999999999999999999', '2147483647', '00', '31', '2', '1e309', '']
    let left = below(next, 30)
    return Buffer.from(
      bytes.toString('latin1').replace(/\d+/g, number => {
        return left-- === 0 ? (choices[below(next, choices.length)] ?? '') : number
      }),
      'latin1',
    )
  },
  function editToken(bytes, next) {
    const choices = [
      '(',
      ')',
      '"',
      ' (v',
      '), start ',
      ' queued for ',
      '@',
      ':',
      '\\',
      '\t',
      '|',
      '{',
      '[',
      ',',
    ]
    const at = below(next, bytes.length + 1)
    const token = choices[below(next, choices.length)] ?? ''
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(token), bytes.subarray(at)])
  },
  function encode(bytes, next) {
    const text = bytes.toString('utf8')
    switch (below(next, 4)) {
      case 0:
        return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
      case 1:
        return Buffer.from(text, 'utf16le').swap16()
      case 2:
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])
      default:
        return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
    }
  },
  function nuls(bytes, next) {
    const at = below(next, bytes.length + 1)
    const zeros = Buffer.alloc(1 + below(next, 64))
    return Buffer.concat([bytes.subarray(0, at), zeros, bytes.subarray(at)])
  },
  function hugeLine(bytes, next) {
    // Rare and large: a line of up to 1 MB of one token of the text.
    if (next() > 0.02) return bytes.subarray(0)
    const tokens = [
      'a',
      ' ',
      '(',
      ')',
      '@',
      ' (v',
      '"',
      ':',
      '=',
      '\\ ',
      'a ',
      '{',
      '7',
      ' [x]',
      'a@b ',
    ]
    const token = tokens[below(next, tokens.length)] ?? 'a'
    // 10 kB to 1 MB, as many of each order.
    const line = token.repeat(Math.floor((10_000 * 100 ** next()) / token.length))
    const at = below(next, bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(line), bytes.subarray(at)])
  },
]

/** Above this most inputs are a part: a change in 1 kB says as much as one in 20 kB. */
const large = 1500

/**
 * Of a large text mostly a run of whole lines, with the lines it begins with or without them; one
 * in twelve is whole.
 */
export function part(bytes: Buffer, next: () => number): Buffer {
  if (bytes.length <= large || next() < 1 / 12) return bytes
  const begin = lineStart(bytes, below(next, bytes.length))
  const run = bytes.subarray(begin, lineStart(bytes, begin + 200 + below(next, large)))
  return next() < 0.5 ? run : Buffer.concat([bytes.subarray(0, lineStart(bytes, 600)), run])
}

/** The next beginning of a line, or the end. */
function lineStart(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(10, from)
  return at < 0 ? bytes.length : at + 1
}

/** One to four changes of one input. */
export function mutate(bytes: Buffer, next: () => number, others: readonly Buffer[]): Buffer {
  let made = bytes
  for (let i = 1 + below(next, 4); i > 0; i--) {
    made = mutations[below(next, mutations.length)]?.(made, next, others) ?? made
  }
  return made
}

function withLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  change(lines)
  return Buffer.from(lines.join('\n'), 'latin1')
}
