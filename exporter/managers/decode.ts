const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const utf16le = new TextDecoder('utf-16le')
const utf16be = new TextDecoder('utf-16be')

/**
 * Bytes of a vendor's tool as text; never fails. UTF-8 (with or without BOM), UTF-16 with a BOM or
 * recognisable by its zero bytes, else Latin-1: tools print the license server's code page.
 * NUL bytes are dropped: they carry nothing and end C strings in other programs.
 */
export function decode(bytes: Uint8Array): string {
  return stripNul(decodeBytes(bytes))
}

function decodeBytes(bytes: Uint8Array): string {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return utf16le.decode(bytes)
  if (a === 0xfe && b === 0xff) return utf16be.decode(bytes)
  const guess = utf16Guess(bytes)
  if (guess) return guess.decode(bytes)
  try {
    return utf8.decode(bytes)
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/** PowerShell's `>` writes UTF-16 and some editors drop the BOM: every other byte is then zero. */
function utf16Guess(bytes: Uint8Array): typeof utf16le | undefined {
  const sample = Math.min(bytes.length, 512) & ~1
  if (sample < 16) return undefined
  let even = 0
  let odd = 0
  for (let i = 0; i < sample; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  const most = (sample / 2) * 0.8
  if (odd > most && even === 0) return utf16le
  if (even > most && odd === 0) return utf16be
  return undefined
}

function stripNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}
