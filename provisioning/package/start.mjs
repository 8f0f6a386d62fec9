#!/usr/bin/env node
// The program of the published package. An old Node gets a sentence and not a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 15)) {
  await import('./main.js')
} else {
  console.error(
    `license-exporter: this is Node ${process.versions.node} and 22.15 or newer is needed; ` +
      'install it, or take the single executable, which needs none',
  )
  process.exitCode = 2
}
