/** What the configuration page stores; everything may be missing or wrong. */
export interface Settings {
  prometheusUid?: string
  lokiUid?: string
  /** Base of all exporters; the proxy of Grafana adds the key, which no browser ever holds. */
  exporterUrl?: string
  /** Several exporters below the base: each has a name and a path. */
  exporters?: Exporter[]
}

export interface Exporter {
  name: string
  path: string
}

/** The exporters to ask: the listed ones, else the base itself. */
export function exportersOf(settings: Settings): Exporter[] {
  if (!settings.exporterUrl) return []
  const listed = (settings.exporters ?? []).filter(({ name }) => name.trim() !== '')
  return listed.length > 0 ? listed : [{ name: 'exporter', path: '' }]
}

/** A sentence, or undefined where the address is good. */
export function urlProblem(url: string): string | undefined {
  if (url.trim() === '')
    return 'Write the address of the exporter, for example http://exporter:8080.'
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return `“${url}” is not an address: write it with http:// or https:// in front.`
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return `“${parsed.protocol}” is not spoken here: use http:// or https://.`
  }
  if (parsed.username || parsed.password) {
    return 'Take name and password out of the address: the key below is stored encrypted.'
  }
  if (parsed.search || parsed.hash) return 'Take everything from ? or # on out of the address.'
  return undefined
}

/** Path below the base: no dots that climb, no query. */
export function pathProblem(path: string): string | undefined {
  const bad = path
    .split('/')
    .some(part => part === '.' || part === '..' || !/^[A-Za-z0-9._~-]*$/.test(part))
  return bad
    ? `“${path}” is no path: letters, digits, “-”, “_”, “.” and “/” only, and no “..”.`
    : undefined
}

/** `name = path` lines, as the form shows them. */
export function parseExporters(text: string): { exporters: Exporter[]; problem?: string } {
  const exporters: Exporter[] = []
  for (const line of text
    .split('\n')
    .map(one => one.trim())
    .filter(Boolean)) {
    const at = line.indexOf('=')
    if (at < 1)
      return { exporters, problem: `“${line}”: write one exporter a line as name = path.` }
    const name = line.slice(0, at).trim()
    const path = line
      .slice(at + 1)
      .trim()
      .replace(/^\/+|\/+$/g, '')
    const problem = pathProblem(path)
    if (problem) return { exporters, problem }
    if (exporters.some(one => one.name === name)) {
      return { exporters, problem: `“${name}” stands there twice: names must differ.` }
    }
    exporters.push({ name, path })
  }
  return { exporters }
}

export const exportersText = (exporters: readonly Exporter[] = []): string =>
  exporters.map(({ name, path }) => `${name} = ${path}`).join('\n')
