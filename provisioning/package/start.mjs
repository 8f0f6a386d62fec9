#!/usr/bin/env node
// The program of the published package. An old Node gets a sentence and not a stack trace.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 15)) {
  // What was compiled once is kept in the package, for whoever may write there. Not in the common
  // temporary folder: others could put their own there.
  module.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/license-exporter', import.meta.url)),
  )
  await import('./main.js')
} else {
  console.error(
    `license-exporter: this is Node ${process.versions.node} and 22.15 or newer is needed; ` +
      'install it, or take the single executable, which needs none',
  )
  process.exitCode = 2
}
