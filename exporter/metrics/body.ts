import { createBreath } from './breathe.ts'
import { type Format, type Fragment, families, familyHead } from './encode.ts'
import { type GzipStart, gzipStart } from './gzip.ts'

const chunkBytes = 262_144

/** The series of all license servers at one moment, joined and compressed when first asked for. */
export class Body {
  readonly series: number
  readonly #fragments: readonly Fragment[]
  readonly #plain = new Map<Format, Promise<readonly Uint8Array[]>>()
  readonly #gzip = new Map<Format, Promise<GzipStart>>()

  constructor(fragments: readonly Fragment[]) {
    this.#fragments = fragments
    this.series = fragments.reduce((sum, { series }) => sum + series, 0)
  }

  plain(format: Format): Promise<readonly Uint8Array[]> {
    return once(this.#plain, format, async () => {
      const breathe = createBreath()
      const chunks: Uint8Array[] = []
      for (const parts of join(this.#fragments, format)) {
        chunks.push(Buffer.concat(parts))
        await breathe()
      }
      return chunks
    })
  }

  gzip(format: Format): Promise<GzipStart> {
    return once(this.#gzip, format, () => gzipStart(joined(this.#fragments, format)))
  }
}

/** Each chunk in the same memory: the compressor is done with it when it asks for the next. */
function* joined(fragments: readonly Fragment[], format: Format): Generator<Uint8Array> {
  let room = Buffer.allocUnsafeSlow(chunkBytes)
  for (const parts of join(fragments, format)) {
    const size = parts.reduce((sum, { length }) => sum + length, 0)
    if (size > room.length) room = Buffer.allocUnsafeSlow(size)
    let end = 0
    for (const part of parts) {
      room.set(part, end)
      end += part.length
    }
    yield room.subarray(0, end)
  }
}

/** Single-flight; a failure is not kept. */
function once<Key, Value>(
  made: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const before = made.get(key)
  if (before) return before
  const promise = make()
  promise.catch(() => made.delete(key))
  made.set(key, promise)
  return promise
}

/** Family by family (OpenMetrics forbids one in two places), in pieces that are worth a write. */
function* join(fragments: readonly Fragment[], format: Format): Generator<Uint8Array[]> {
  let parts: Uint8Array[] = []
  let size = 0
  for (const [i, family] of families.entries()) {
    let headed = false
    for (const { bytes, ends } of fragments) {
      const start = i === 0 ? 0 : ends[i - 1]!
      const end = ends[i]!
      if (start === end) continue
      if (!headed) {
        parts.push(Buffer.from(familyHead(family, format)))
        headed = true
      }
      parts.push(bytes.subarray(start, end))
      size += end - start
      if (size < chunkBytes) continue
      yield parts
      parts = []
      size = 0
    }
  }
  if (parts.length > 0) yield parts
}
