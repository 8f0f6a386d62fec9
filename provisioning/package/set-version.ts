import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm version 1.2.3` writes package.json and runs this: the version of package.json, wherever else it
 * has to stand.
 */

/** Files, and the text before the version in them. */
const places: Readonly<Record<string, RegExp>> = {
  'grafana-plugin/package.json': /("name": "iosetu-license-app",\s+"version": ")[^"]+/g,
  'grafana-plugin/package-lock.json': /("name": "iosetu-license-app",\s+"version": ")[^"]+/g,
  'provisioning/compose/compose.yaml': /(image: iosetu-license-exporter:)\S+/g,
  'provisioning/kubernetes/overlays/deployment/deployment.yaml': /(\/license-exporter:)\S+/g,
  'provisioning/kubernetes/overlays/shards/stateful-set.yaml': /(\/license-exporter:)\S+/g,
}

/** Each file as it is, and as it has to be. */
export function versioned(root: string, version: string) {
  return Object.entries(places).map(([file, place]) => {
    const before = readFileSync(join(root, file), 'utf8')
    if (!before.match(place)) throw new Error(`${file} has no place for a version: ${place}`)
    return { file, before, after: before.replaceAll(place, `$1${version}`) }
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const { file, before, after } of versioned(root, version)) {
    if (after !== before) writeFileSync(join(root, file), after)
  }
}
