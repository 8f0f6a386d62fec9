import { valueAt } from './issues.ts'
import type { Path } from './problem.ts'

/** Stands in place of a table of a list until `compact`, so that numbers stay while we work. */
const gone = Symbol('taken out')

type Plain = Record<string | number, unknown>

/**
 * What the file says, losing what is wrong piece by piece, so that the rest can be checked further:
 * one mistake must not hide the next one.
 */
export class Rest {
  readonly value: Record<string, unknown>
  /** Numbers in the file of the tables that are left, by the path of their list in the file. */
  readonly #numbers = new Map<string, number[]>()

  constructor(raw: Record<string, unknown>) {
    this.value = structuredClone(raw)
  }

  /** Takes these paths out; one that is not there takes out the table that lacks it. */
  takeOut(paths: readonly Path[]): void {
    for (const path of paths) takeOut(this.value, path)
    this.#compact(this.value, [])
  }

  /** A path in `value` as the path in the file. */
  original(path: Path): Path {
    const found: (string | number)[] = []
    for (const part of path) {
      const numbers = this.#numbers.get(JSON.stringify(found))
      found.push(typeof part === 'number' ? (numbers?.[part] ?? part) : part)
    }
    return found
  }

  #compact(value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      const id = JSON.stringify(path)
      const numbers = this.#numbers.get(id) ?? value.map((_, index) => index)
      const kept = value.map((_, index) => index).filter(index => value[index] !== gone)
      this.#numbers.set(
        id,
        kept.map(index => numbers[index]!),
      )
      value.splice(0, value.length, ...kept.map(index => value[index]))
      for (const [index, one] of value.entries()) {
        this.#compact(one, [...path, numbers[kept[index]!]!])
      }
    } else {
      for (const [key, one] of Object.entries(value)) this.#compact(one, [...path, key])
    }
  }
}

function takeOut(value: unknown, path: Path): void {
  for (let length = path.length; length > 0; length--) {
    const holder = valueAt(value, path.slice(0, length - 1))
    const last = path[length - 1]!
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last)) continue
    if (Array.isArray(holder)) holder[Number(last)] = gone
    else delete (holder as Plain)[last]
    return
  }
}
