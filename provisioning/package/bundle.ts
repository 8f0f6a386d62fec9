import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * The whole program as one CommonJS file: an executable made of it finds nothing beside itself.
 * CommonJS has no top-level await, so a module that needs one is an error here.
 */
export async function bundle(root: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'exporter/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    logLevel: 'warning',
    banner: {
      js: "const importMetaUrl = require('node:url').pathToFileURL(process.execPath).href;",
    },
    define: { 'import.meta.url': 'importMetaUrl' },
  })
}
