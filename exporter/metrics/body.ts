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
      for (const chunk of join(this.#fragments, format)) {
        chunks.push(chunk)
        await breathe()
      }
      return chunks
    })
  }

  gzip(format: Format): Promise<GzipStart> {
    return once(this.#gzip, format, () => gzipStart(join(this.#fragments, format)))
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

/** Family by family: OpenMetrics forbids a family in two places. */
function* join(fragments: readonly Fragment[], format: Format): Generator<Uint8Array> {
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
      yield Buffer.concat(parts)
      parts = []
      size = 0
    }
  }
  if (parts.length > 0) yield Buffer.concat(parts)
}
