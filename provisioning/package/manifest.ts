/** package.json of this repository, as far as the published one is made from it. */
export interface RootManifest {
  name: string
  version: string
  description: string
  license: string
  dependencies: Record<string, string>
}

const repository = 'https://github.com/iosetu/iosetu-license-exporter'

/**
 * The published package.json: no scripts, no tools, no bundled Node.
 * @param entries what `exports` offers: its name and the compiled file without ending
 */
export function manifest(root: RootManifest, entries: Readonly<Record<string, string>>): unknown {
  const { name, version, description, license, dependencies } = root
  const start = './exporter/start.mjs'
  return {
    name,
    version,
    description,
    license,
    keywords: ['prometheus', 'exporter', 'opentelemetry', 'license-server', 'flexlm', 'rlm'],
    repository: { type: 'git', url: `git+${repository}.git` },
    type: 'module',
    // npx takes the one that is called as the package.
    bin: { [name]: start, 'license-exporter': start },
    exports: {
      ...Object.fromEntries(
        Object.entries(entries).map(([path, file]) => [
          path,
          { types: `${file}.d.ts`, default: `${file}.js` },
        ]),
      ),
      './package.json': './package.json',
    },
    types: `${entries['.']}.d.ts`,
    // What the OpenTelemetry SDK asks for.
    engines: { node: '>=22.15' },
    dependencies,
  }
}
