/** Texts of this manager; `parse --as` takes them. */
export const texts = ['status', 'features', 'license_file', 'log'] as const
export type Text = (typeof texts)[number]

const looked = 262_144

const signs: readonly [Text, RegExp][] = [
  [
    'status',
    /^[ \t]*(?:Users of \S+:|Feature "[^"\n]+" v\S+, vendor: |License server status:|Vendor daemon status \(|Feature usage info:|Error getting status:|lmgrd is not running|\S+: license server (?:UP|DOWN)\b|Flexible License Manager status on )/m,
  ],
  ['features', /^[ \t]*Feature[ \t]+Version[ \t]+#[ \t]?licenses?[ \t]/im],
  [
    'log',
    /^(?:\S+[ \t]*\|)?[ \t]*(?:\d{4}[-/]\d\d[-/]\d\d[ T])?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? ?\([^()\s]{1,64}\) /m,
  ],
  [
    'license_file',
    /^[ \t]*(?:(?:FEATURE|INCREMENT|UPGRADE)[ \t]+\S+[ \t]+\S+[ \t]+v?\.?\d|PACKAGE[ \t]+\S+[ \t]+\S+|(?:VENDOR|DAEMON)[ \t]+\S+|SERVER[ \t]+\S+[ \t]+\S+)/m,
  ],
]

/** By content, never by a file's name; the first sign in the text decides. */
export function recognise(text: string): Text | undefined {
  let before = text.slice(0, looked)
  let found: Text | undefined
  for (const [kind, sign] of signs) {
    const at = before.search(sign)
    if (at < 0) continue
    found = kind
    before = before.slice(0, at)
  }
  return found
}
