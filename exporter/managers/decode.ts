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
  const utf16 = utf16Of(bytes)
  if (utf16) return (utf16 === 'utf-16le' ? utf16le : utf16be).decode(bytes)
  try {
    return utf8.decode(bytes)
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/**
 * Which UTF-16 the text is that begins so. PowerShell's `>` writes it and some editors drop the BOM:
 * every other byte is then zero.
 */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const sample = Math.min(bytes.length, 512) & ~1
  if (sample < 16) return undefined
  let even = 0
  let odd = 0
  for (let i = 0; i < sample; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  const most = (sample / 2) * 0.8
  if (odd > most && even === 0) return 'utf-16le'
  if (even > most && odd === 0) return 'utf-16be'
  return undefined
}

function stripNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}
