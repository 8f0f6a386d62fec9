import { existsSync, statSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const here = import.meta.dirname
const source = join(here, 'host')
export const builtHosts = join(here, '.build')

/** Host page of one Grafana version, built once: `.build/grafana-13/host.js`. */
export async function buildHost(name: string): Promise<void> {
  const root = join(here, 'hosts', name)
  const out = join(builtHosts, name)
  const built = join(out, 'host.js')
  const newest = Math.max(...readdirSync(source).map(file => statSync(join(source, file)).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  await build({
    configFile: false,
    mode: 'production',
    // The tests' own NODE_ENV is not the host's.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    root,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    plugins: [
      {
        // The host's sources are shared: what they import comes from the version's own packages.
        name: 'packages-of-this-version',
        enforce: 'pre',
        resolveId(id, importer) {
          if (!importer?.startsWith(`${source}/`) || id.startsWith('.')) return null
          return this.resolve(id, join(root, 'package.json'), { skipSelf: true })
        },
      },
    ],
    resolve: {
      // Said outright: by itself Vite takes what NODE_ENV=test of the tests means, development.
      conditions: ['module', 'browser', 'production'],
      dedupe: [
        'react',
        'react-dom',
        'rxjs',
        '@grafana/data',
        '@grafana/ui',
        '@grafana/runtime',
        '@grafana/schema',
        '@grafana/i18n',
      ],
    },
    build: {
      outDir: out,
      emptyOutDir: true,
      minify: false,
      cssCodeSplit: false,
      target: 'es2022',
      chunkSizeWarningLimit: 99_999,
      rolldownOptions: {
        shimMissingExports: true,
        input: join(source, 'host.tsx'),
        output: {
          entryFileNames: 'host.js',
          assetFileNames: 'host[extname]',
          codeSplitting: false,
        },
      },
    },
  })
}
