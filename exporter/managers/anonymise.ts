import { createHash } from 'node:crypto'

/**
 * Names replaced so that a text keeps its shape: letters stay letters of the same case, digits stay
 * digits, everything else stays. Names that begin alike get pseudonyms that begin alike (a display
 * `pc01:0` still begins with its host `pc01`), case is not part of a name, and two names never meet.
 * The key is the text itself: who has only the result cannot repeat it.
 */
export type Pseudonym = (name: string) => string

export function pseudonyms(text: string): Pseudonym {
  const key = createHash('sha256').update(text).digest('hex')
  const known = new Map<string, string>()
  return name => {
    const before = known.get(name)
    if (before !== undefined) return before
    let prefix = key
    let made = ''
    for (const character of name) {
      made += replaced(character, shift(prefix))
      prefix += character.toLowerCase()
    }
    known.set(name, made)
    return made
  }
}

/** Displays that name a kind of terminal and nobody's machine. */
export function isDevice(token: string): boolean {
  return /^(?:\/dev\/|:\d)/.test(token)
}

/** Every word of a text that was not understood; blanks and punctuation stay. */
export function anonymiseWords(text: string, pseudonym: Pseudonym): string {
  return text.replace(/[\p{L}\p{N}_]+/gu, word => pseudonym(word))
}

function shift(prefix: string): number {
  return createHash('sha256').update(prefix).digest().readUInt32BE(0)
}

const alphabets: readonly string[] = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ',
  'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ',
]

/** A bijection for each shift, so that two names of one prefix never become one. */
function replaced(character: string, by: number): string {
  for (const alphabet of alphabets) {
    const at = alphabet.indexOf(character)
    if (at >= 0) return alphabet[(at + by) % alphabet.length] ?? character
  }
  const code = character.codePointAt(0) ?? 0
  if (code < 0x180 || !/\p{L}/u.test(character)) return character
  const block = code - (code % 16)
  return String.fromCodePoint(block + ((code - block + by) % 16))
}
