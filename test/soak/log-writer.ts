import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'

export type Rotation = 'rename' | 'copytruncate' | 'late copytruncate' | 'truncate'

/** Writes numbered lines as a vendor's daemon does, in pieces, and rotates as logrotate does. */
export class LogWriter {
  readonly path: string
  readonly #random: () => number
  #descriptor: number
  #rest = ''
  written = 0
  rotations = 0
  /** Lines between a copy and its truncation: copytruncate itself loses them. */
  cutOff = 0

  constructor(path: string, random: () => number) {
    this.path = path
    this.#random = random
    this.#descriptor = openSync(path, 'a')
  }

  /** Up to 200 lines; the last one may be left half. */
  write(last: number): void {
    const count = Math.min(last - this.written, 1 + Math.floor(this.#random() * 200))
    let text = this.#rest
    for (let i = 0; i < count; i++) {
      text += `OUT ${++this.written} ${'.'.repeat(this.#random() * 120)}\n`
    }
    const cut = this.#random() < 0.5 ? Math.floor(this.#random() * text.length) : text.length
    writeSync(this.#descriptor, text.slice(0, cut))
    this.#rest = text.slice(cut)
  }

  finish(): void {
    writeSync(this.#descriptor, this.#rest)
    this.#rest = ''
  }

  rotate(how: Rotation): void {
    this.rotations++
    if (how === 'truncate') {
      // Nothing half may stand before it: its other half would be no line.
      this.finish()
      ftruncateSync(this.#descriptor)
      return
    }
    this.#shift()
    if (how !== 'rename') {
      this.finish()
      copyFileSync(this.path, `${this.path}.1`)
      if (how === 'late copytruncate') {
        const before = this.written
        this.write(before + 20)
        this.finish()
        this.cutOff += this.written - before
      }
      ftruncateSync(this.#descriptor)
      return
    }
    // The daemon writes on to the old file until it is told to reopen.
    renameSync(this.path, `${this.path}.1`)
    this.finish()
    closeSync(this.#descriptor)
    this.#descriptor = openSync(this.path, 'a')
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #shift(): void {
    let last = 0
    while (existsSync(`${this.path}.${last + 1}`)) last++
    for (let n = last; n > 0; n--) {
      // Far fewer are kept in practice; here nothing may go before it is read.
      if (n < 200) renameSync(`${this.path}.${n}`, `${this.path}.${n + 1}`)
    }
  }
}
