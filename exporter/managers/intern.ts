/** Small: a reader is made for every log, and after each restart. */
const firstSlots = 128
const firstBytes = 1024
/** Logs of build machines hold a new name a minute: what is known is forgotten and learnt again. */
const mostKnown = 32_768
const mostBytes = 4 * 1024 * 1024

/**
 * What ASCII bytes mean, worked out once for each spelling: the same names stand in a log millions
 * of times. Memory is bounded; a value may be made again.
 * @returns the value of bytes[from, to)
 */
export function intern<T>(
  make: (text: string) => T,
): (bytes: Uint8Array, from: number, to: number) => T {
  let slots = new Int32Array(firstSlots)
  let values: T[] = []
  let hashes: number[] = []
  /** Each spelling begins in `spellings` where the one before it ends. */
  let ends: number[] = [0]
  let spellings = new Uint8Array(firstBytes)

  function add(bytes: Uint8Array, from: number, to: number, hash: number): T {
    const begin = ends[values.length] as number
    const end = begin + to - from
    if (values.length === mostKnown || end > mostBytes) {
      forget()
      return make(textOf(bytes, from, to))
    }
    if (end > spellings.length) {
      const more = new Uint8Array(Math.max(end, spellings.length * 2))
      more.set(spellings)
      spellings = more
    }
    for (let i = from; i < to; i++) spellings[begin + i - from] = bytes[i] as number
    const value = make(textOf(bytes, from, to))
    values.push(value)
    hashes.push(hash)
    ends.push(end)
    if (values.length * 2 > slots.length) {
      slots = new Int32Array(slots.length * 2)
      for (const [index, known] of hashes.entries()) place(known, index)
    } else place(hash, values.length - 1)
    return value
  }

  function place(hash: number, index: number): void {
    const mask = slots.length - 1
    let slot = hash & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = index + 1
  }

  function forget(): void {
    slots = new Int32Array(firstSlots)
    values = []
    hashes = []
    ends = [0]
    spellings = new Uint8Array(firstBytes)
  }

  return (bytes, from, to) => {
    const hash = hashOf(bytes, from, to)
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = (slots[slot] as number) - 1
      if (index < 0) return add(bytes, from, to, hash)
      if (hashes[index] !== hash) continue
      const begin = ends[index] as number
      if ((ends[index + 1] as number) - begin !== to - from) continue
      let i = from
      while (i < to && spellings[begin + i - from] === bytes[i]) i++
      if (i === to) return values[index] as T
    }
  }
}

/** Four bytes at a time: their multiplications must wait for each other. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from
  let i = from
  for (; i + 4 <= to; i += 4) {
    const low = (bytes[i] as number) | ((bytes[i + 1] as number) << 8)
    const high = (bytes[i + 2] as number) | ((bytes[i + 3] as number) << 8)
    hash = Math.imul(hash ^ (low | (high << 16)), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  return hash ^ (hash >>> 15)
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}
