/** Small: a reader is made for every log, and after each restart. */
const firstSlots = 128
const firstBytes = 1024
/** Logs of build machines hold a new name a minute: what is known is forgotten and learnt again. */
const mostKnown = 32_768
const mostBytes = 4 * 1024 * 1024

/**
 * What ASCII bytes mean, worked out once for each spelling: the same names stand in a log millions
 * of times. Memory is bounded; a value may be made again.
 * @returns the value of bytes[from, to); `view` is of the same bytes
 */
export function intern<T>(
  make: (text: string) => T,
): (bytes: Uint8Array, view: DataView, from: number, to: number) => T {
  /** Pairs: the hash and 1 + the index of what is known; 0 = free. */
  let slots = new Int32Array(firstSlots * 2)
  let values: T[] = []
  /** Each spelling begins in `spellings` where the one before it ends. */
  let ends = [0]
  let spellings = new Uint8Array(firstBytes)
  let spelled = viewOf(spellings)

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
      spelled = viewOf(more)
    }
    spellings.set(bytes.subarray(from, to), begin)
    const value = make(textOf(bytes, from, to))
    values.push(value)
    ends.push(end)
    if (values.length * 4 > slots.length) {
      const before = slots
      slots = new Int32Array(before.length * 2)
      for (let slot = 0; slot < before.length; slot += 2) {
        if (before[slot + 1] !== 0) place(before[slot] as number, before[slot + 1] as number)
      }
    }
    place(hash, values.length)
    return value
  }

  function place(hash: number, number: number): void {
    const mask = slots.length - 2
    let slot = (hash << 1) & mask
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask
    slots[slot] = hash
    slots[slot + 1] = number
  }

  function forget(): void {
    slots = new Int32Array(firstSlots * 2)
    values = []
    ends = [0]
    spellings = new Uint8Array(firstBytes)
    spelled = viewOf(spellings)
  }

  /** Four bytes at a time, the last four once more where less than four are left. */
  function same(view: DataView, from: number, to: number, begin: number): boolean {
    const size = to - from
    if (size < 4) {
      for (let i = 0; i < size; i++) {
        if (view.getUint8(from + i) !== spellings[begin + i]) return false
      }
      return true
    }
    const last = to - 4
    const shift = begin - from
    for (let i = from; i < last; i += 4) {
      if (view.getInt32(i) !== spelled.getInt32(i + shift)) return false
    }
    return view.getInt32(last) === spelled.getInt32(last + shift)
  }

  return (bytes, view, from, to) => {
    const hash = hashOf(view, from, to)
    const mask = slots.length - 2
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const index = (slots[slot + 1] as number) - 1
      if (index < 0) return add(bytes, from, to, hash)
      if (slots[slot] !== hash) continue
      const begin = ends[index] as number
      if ((ends[index + 1] as number) - begin !== to - from) continue
      if (same(view, from, to, begin)) return values[index] as T
    }
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from
  if (hash < 4) {
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193)
  } else {
    const last = to - 4
    for (let i = from; i < last; i += 4) hash = mixed(hash, view.getInt32(i))
    hash = mixed(hash, view.getInt32(last))
  }
  return hash ^ (hash >>> 15)
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}
