export interface Listeners<Event> {
  tell(event: Event): void
  on: On<Event>
  /** Something was told before anybody listened. */
  readonly waiting: boolean
}

interface On<Event> {
  (listener: (event: Event) => void): () => void
  (name: 'event', listener: (event: Event) => void): () => void
}

const mostWaiting = 100

/** What was told before anybody listened, the first listener gets. A listener that throws hurts nobody. */
export function createListeners<Event>(): Listeners<Event> {
  const listeners = new Set<{ call: (event: Event) => void }>()
  let early: Event[] | undefined = []
  const call = (one: { call: (event: Event) => void }, event: Event) => {
    try {
      one.call(event)
    } catch (error) {
      // Reported as any error outside a promise would be, after everybody was told.
      queueMicrotask(() => process.emitWarning(error as Error))
    }
  }
  return {
    get waiting() {
      return early !== undefined && early.length > 0
    },
    tell(event) {
      if (early) {
        if (early.length < mostWaiting) early.push(event)
        return
      }
      for (const one of listeners) call(one, event)
    },
    on(first: 'event' | ((event: Event) => void), second?: (event: Event) => void) {
      const listener = typeof first === 'function' ? first : second
      if (typeof listener !== 'function')
        throw new TypeError("on('event', listener) needs a function")
      const one = { call: listener }
      listeners.add(one)
      const waiting = early ?? []
      early = undefined
      for (const event of waiting) call(one, event)
      return () => void listeners.delete(one)
    },
  }
}
