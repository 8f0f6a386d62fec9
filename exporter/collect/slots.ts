/** A reading that waits for a slot. */
export interface Waiting {
  /** When it should begin, on the clock of performance.now(). */
  due: number
  /** Its last reading failed: it may be one of those that hang. */
  suspect: boolean
  begin(): Promise<void>
}

/**
 * At most `size` readings at once; those whose last one failed get at most half of the slots, so
 * that hanging servers never keep the others waiting. The longest due comes first.
 */
export class Slots {
  #size: number
  readonly #waiting: Record<'trusted' | 'suspect', Waiting[]> = { trusted: [], suspect: [] }
  #running = 0
  #suspects = 0

  constructor(size: number) {
    this.#size = size
  }

  resize(size: number): void {
    this.#size = size
    this.#fill()
  }

  add(waiting: Waiting): void {
    const queue = this.#queue(waiting)
    let place = queue.length
    while (place > 0 && (queue[place - 1]?.due ?? 0) > waiting.due) place--
    queue.splice(place, 0, waiting)
    this.#fill()
  }

  remove(waiting: Waiting): boolean {
    const queue = this.#queue(waiting)
    const place = queue.indexOf(waiting)
    if (place >= 0) queue.splice(place, 1)
    return place >= 0
  }

  #queue({ suspect }: Waiting): Waiting[] {
    return this.#waiting[suspect ? 'suspect' : 'trusted']
  }

  #fill(): void {
    while (this.#running < this.#size) {
      const next = this.#next()
      if (!next) return
      this.remove(next)
      this.#running++
      if (next.suspect) this.#suspects++
      next.begin().finally(() => {
        this.#running--
        if (next.suspect) this.#suspects--
        this.#fill()
      })
    }
  }

  #next(): Waiting | undefined {
    const [trusted] = this.#waiting.trusted
    const half = Math.max(1, Math.floor(this.#size / 2))
    const suspect = this.#suspects < half ? this.#waiting.suspect[0] : undefined
    if (!trusted || !suspect) return trusted ?? suspect
    return suspect.due < trusted.due ? suspect : trusted
  }
}
