import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const folder = fileURLToPath(new URL('../../provisioning/compose/', import.meta.url))

interface Service {
  image: string
  ports?: string[]
  volumes?: string[]
  environment?: Record<string, string>
  networks: string[]
  cap_drop: string[]
  read_only: boolean
  depends_on?: string[]
}

function read(name: string): { services: Record<string, Service>; volumes?: Record<string, null> } {
  return parse(readFileSync(resolve(folder, name), 'utf8'), { merge: true })
}

/** Files that other parts of the project bring; in a whole checkout all of them are there. */
describe('the compose file', () => {
  const { services, volumes = {} } = read('compose.yaml')
  const named = Object.entries(services)

  test('mounts files that are there, read-only', () => {
    for (const [name, service] of named) {
      for (const mount of service.volumes ?? []) {
        const [from = '', , mode] = mount.split(/:(?=[^-])/)
        if (!/^[.$]/.test(from)) {
          expect(Object.keys(volumes), `${name}: ${mount}`).toContain(from)
          continue
        }
        expect(mode, `${name}: ${mount}`).toBe('ro')
        if (from.startsWith('$')) continue
        expect(existsSync(resolve(folder, from)), `${name}: ${mount}`).toBe(true)
      }
    }
  })

  test('pins every image and opens nginx alone', () => {
    for (const [name, { image, ports, networks }] of named) {
      expect(image, name).toMatch(/:v?\d+\.\d+/)
      expect(networks, name).toContain('inside')
      expect(Boolean(ports), name).toBe(name === 'nginx')
    }
  })

  test('gives no service more than it needs', () => {
    for (const [name, { cap_drop, read_only }] of named) {
      expect(cap_drop, name).toEqual(['ALL'])
      expect(read_only, name).toBe(true)
    }
  })

  test('addresses in it name services', () => {
    const addresses = named.flatMap(([, { environment = {} }]) =>
      Object.values(environment).flatMap(value => /^http:\/\/([a-z-]+):/.exec(value)?.[1] ?? []),
    )
    const targets = ['license-exporter', 'alertmanager'].flatMap(file =>
      parse(readFileSync(resolve(folder, `targets/${file}.yml`), 'utf8')).flatMap(
        ({ targets }: { targets: string[] }) => targets.map(target => target.split(':')[0]),
      ),
    )
    for (const name of [...addresses, ...targets]) expect(Object.keys(services)).toContain(name)
    expect(addresses.length).toBeGreaterThan(3)
  })
})
