import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { paths } from '../../src/shared/links.ts'

const { satisfies, validRange } = createRequire(import.meta.url)('semver') as {
  satisfies: (version: string, range: string) => boolean
  validRange: (range: string) => string | null
}
const root = join(import.meta.dirname, '../..')
const dist = join(root, 'dist')
const read = (...path: string[]) => readFileSync(join(dist, ...path), 'utf8')
const manifest = () => JSON.parse(read('plugin.json'))
const files = () =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(name =>
    statSync(join(dist, name)).isFile()
  )
const scripts = () => files().filter(name => name.endsWith('.js'))

test('the bundle is there', () => {
  expect(existsSync(join(dist, 'module.js')), 'run npm run build first').toBe(true)
})

test('all JavaScript is at most 250 kB gzipped, and what every page of Grafana loads at most 15', () => {
  const kB = (name: string) => gzipSync(readFileSync(join(dist, name))).length / 1000
  const all = scripts().reduce((sum, name) => sum + kB(name), 0)
  console.log(
    `JavaScript gzipped: ${all.toFixed(1)} kB, module.js ${kB('module.js').toFixed(1)} kB`
  )
  expect(all).toBeLessThanOrEqual(250)
  expect(kB('module.js')).toBeLessThanOrEqual(15)
})

describe('the catalogue', () => {
  test('version, dates and names are filled in', () => {
    const { id, info } = manifest()
    expect(id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?app$/)
    expect(info.version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
    expect(info.updated).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(info.description.length).toBeGreaterThan(20)
    expect(info.keywords.length).toBeGreaterThan(2)
    for (const name of files().filter(one => /\.(json|md)$/.test(one))) {
      expect(read(name), name).not.toMatch(/%(VERSION|TODAY|PLUGIN_ID)%/)
    }
  })

  test('grafanaDependency takes 12.2.5, 12.4 and 13, and not what lacks react/jsx-runtime', () => {
    const range = manifest().dependencies.grafanaDependency
    expect(validRange(range)).not.toBeNull()
    for (const good of ['12.2.5', '12.3.0', '12.4.10', '13.0.0', '13.2.2'])
      expect(satisfies(good, range)).toBe(true)
    for (const old of ['11.6.0', '12.0.0', '12.2.4']) expect(satisfies(old, range)).toBe(false)
  })

  test('every file that plugin.json names is there', () => {
    const { includes, info } = manifest()
    for (const one of includes.filter((include: any) => include.type === 'dashboard')) {
      const board = JSON.parse(read(one.path))
      expect(board.title).toBe(one.name)
      expect(board.__inputs, one.path).toBeUndefined()
      expect(board.uid).toMatch(/-app$/)
      expect(board.revision).toBeGreaterThan(0)
    }
    const pictures = [
      info.logos.small,
      info.logos.large,
      ...info.screenshots.map((one: any) => one.path),
    ]
    for (const path of pictures) expect(existsSync(join(dist, path)), path).toBe(true)
    expect(info.screenshots.length).toBeGreaterThan(0)
  })

  test('every page of the menu is one of the app', () => {
    const { includes } = manifest()
    const pages = includes.filter((one: any) => one.type === 'page').map((one: any) => one.path)
    const { overview, servers, renewals, license, events, setup, config } = paths
    expect(pages).toEqual([overview, servers, renewals, license, events, setup, config])
  })

  test('README, LICENSE and CHANGELOG are real, and the webpack configuration is of create-plugin', () => {
    expect(read('README.md').length).toBeGreaterThan(1000)
    expect(read('README.md')).not.toContain('<!--')
    expect(read('README.md')).not.toMatch(/\b(yarn|nodejs)\b/i)
    expect(read('LICENSE')).toContain('Apache License')
    expect(read('CHANGELOG.md')).toContain(`## ${manifest().info.version}`)
    expect(readFileSync(join(root, '.config/webpack/webpack.config.ts'), 'utf8')).toContain(
      '@grafana/create-plugin'
    )
  })

  test('logos hold no script', () => {
    for (const name of files().filter(one => one.endsWith('.svg'))) {
      expect(read(name)).not.toMatch(/<script|on\w+=|javascript:|<foreignObject/i)
    }
  })
})

describe('source maps', () => {
  test('every script has one; the sources in them are all of the sources here, and no others', () => {
    const own = /^webpack:\/\/iosetu-license-app\/\.\/((?!node_modules)[^?]+\.tsx?)(?:\?.*)?$/
    const seen = new Map<string, string>()
    for (const name of scripts()) {
      const map = JSON.parse(read(`${name}.map`))
      map.sources.forEach((source: string, index: number) => {
        const path = own.exec(source)?.[1]
        if (path) seen.set(path, map.sourcesContent[index])
      })
    }
    const source = join(root, 'src')
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    // Types alone leave nothing behind.
    const compiled = files.filter(name => /\.tsx?$/.test(name) && name !== 'shared/api/types.ts')
    expect([...seen.keys()].sort()).toEqual(compiled.sort())
    for (const [path, text] of seen)
      expect(text, path).toBe(readFileSync(join(source, path), 'utf8'))
  })
})

test('nothing is fetched from outside, and nothing is written to the console', () => {
  for (const name of scripts()) {
    const text = read(name)
    expect(text, name).not.toMatch(/console\.(log|info|debug)\(/)
    expect(text, name).not.toMatch(
      /(googletagmanager|google-analytics|segment\.io|hotjar|sentry\.io)/
    )
  }
})

test('rule files stand beside the scripts as they are', () => {
  for (const name of JSON.parse(read('rules/files.json')) as string[]) {
    expect(read('rules', name)).toBe(readFileSync(join(root, 'src/rules', name), 'utf8'))
  }
})

test('extensions are registered under the texts of plugin.json', () => {
  const { extensions } = manifest()
  for (const link of extensions.addedLinks) {
    expect(link.title.length).toBeGreaterThanOrEqual(10)
    expect(link.description.length).toBeGreaterThan(10)
  }
})
