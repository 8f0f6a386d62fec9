import { closeSync, openSync, writeSync } from 'node:fs'

const features = 60
const users = 600
const day = 86_400

/**
 * An invented FlexLM debug log of about so many bytes: one line every 2 seconds as of a
 * busy site (1 GB is a year), mostly OUT and IN of
 * 600 people, refusals, a TIMESTAMP each hour, a restart now and then and lines that say nothing.
 */
export function writeDebugLog(path: string, bytes: number, from = Date.UTC(2019, 0, 1) / 1000) {
  const file = openSync(path, 'w')
  try {
    let written = 0
    for (const text of debugLog(from)) {
      written += writeSync(file, text)
      if (written >= bytes) return
    }
  } finally {
    closeSync(file)
  }
}

/** Piece by piece, without an end. */
function* debugLog(from: number): Generator<string> {
  let seed = 42
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const out: { feature: number; user: number; seats: number }[] = []
  let hour = -1
  let piece = ''
  for (let at = from; ; at += random(5)) {
    const second = at % day
    const clock = `${String(Math.floor(second / 3600)).padStart(2, ' ')}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
    const line = (text: string) => {
      piece += `${clock} (cadlmd) ${text}\n`
    }
    if (Math.floor(at / 3600) !== hour) {
      hour = Math.floor(at / 3600)
      const date = new Date(at * 1000)
      line(`TIMESTAMP ${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`)
    }
    const kind = random(1000)
    if (kind < 15) line(`(@cadlmd-SLOG@) Statistics Log Frequency: ${kind * 10} minute(s).`)
    else if (kind < 25) line('TCP_NODELAY NOT enabled')
    else if (kind < 75) {
      const user = random(users)
      const who = `user${user}@ws-${user % 500}`
      const why = 'Licensed number of users already reached. (-4,342:10054 "")'
      line(`DENIED: "feature_${random(features)}" ${who}  (${why})`)
    } else if (out.length > 2000 || (out.length > 0 && kind < 535)) {
      const place = random(out.length)
      const one = out[place] as (typeof out)[number]
      out[place] = out.at(-1) as (typeof out)[number]
      out.pop()
      line(event('IN', one))
    } else {
      const seats = random(20) === 0 ? 2 + random(8) : 1
      const one = { feature: random(features), user: random(users), seats }
      out.push(one)
      line(event('OUT', one))
    }
    if (piece.length > 65_536) {
      yield piece
      piece = ''
    }
  }
}

function event(kind: string, one: { feature: number; user: number; seats: number }): string {
  const seats = one.seats > 1 ? ` (${one.seats} licenses)` : ''
  return `${kind}: "feature_${one.feature}" user${one.user}@ws-${one.user % 500} ${seats}`
}

const two = (value: number) => String(value).padStart(2, '0')
