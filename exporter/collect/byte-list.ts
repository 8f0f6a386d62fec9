/**
 * Bytes that arrive in pieces. One growing buffer: a tool that writes single bytes would make
 * millions of small ones otherwise.
 */
export class ByteList {
  readonly limit: number
  #buffer = Buffer.allocUnsafeSlow(4096)
  #length = 0

  constructor(limit: number) {
    this.limit = limit
  }

  /** Takes what fits; false if something did not. */
  add(piece: Uint8Array): boolean {
    const taken = Math.min(piece.length, this.limit - this.#length)
    const needed = this.#length + taken
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.limit, Math.max(needed, 2 * this.#length)))
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(taken === piece.length ? piece : piece.subarray(0, taken), this.#length)
    this.#length = needed
    return taken === piece.length
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }
}
