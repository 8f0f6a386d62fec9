export type Ini = Record<string, Record<string, string>>

/** Sections and keys as Grafana reads them, with the text between triple quotes. */
export function readIni(text: string): Ini {
  const found: Ini = {}
  let section = ''
  for (const line of text.split('\n')) {
    if (/^\s*([#;].*)?$/.test(line)) continue
    const head = /^\[([^\]]+)\]$/.exec(line)
    if (head?.[1]) {
      section = head[1]
      if (found[section]) throw new Error(`section ${section} stands twice`)
      found[section] = {}
      continue
    }
    const [, key, value] = /^([a-z_]+) = (.*)$/.exec(line) ?? []
    if (!key || value === undefined) throw new Error(`not understood: ${line}`)
    const keys = found[section]
    if (!keys) throw new Error(`${key} stands in no section`)
    if (key in keys) throw new Error(`${section}.${key} stands twice`)
    keys[key] = value.replace(/^"""(.*)"""$/, '$1')
  }
  return found
}
