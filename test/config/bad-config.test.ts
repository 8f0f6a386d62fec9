import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../exporter/config/parse.ts'
import { ExporterError } from '../../exporter/errors.ts'

const folder = fileURLToPath(new URL('../fixtures/config', import.meta.url))
const names = readdirSync(folder).filter(name => /^bad-.*\.toml$/.test(name))

function refusal(text: string, file: string): ExporterError {
  try {
    parseConfig(text, file)
  } catch (error) {
    if (error instanceof ExporterError) return error
    throw error
  }
  throw new Error(`${file} is accepted`)
}

describe('a bad configuration is refused with its sentence', () => {
  test.each(names)('%s', async name => {
    const error = refusal(readFileSync(join(folder, name), 'utf8'), name)
    expect(error.code).toBe('config')
    const lines = error.message.split('\n')
    for (const line of lines) expect(line).toMatch(/^bad-[a-z0-9-]+\.toml:\d+: \S/)
    const numbers = lines.map(line => Number(line.split(':')[1]))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    await expect(`${error.message}\n`).toMatchFileSnapshot(
      join(folder, name.replace(/\.toml$/, '.txt')),
    )
  })

  test('there is a golden for each and no golden without its file', () => {
    const goldens = readdirSync(folder).filter(name => /^bad-.*\.txt$/.test(name))
    expect(goldens).toEqual(names.map(name => name.replace(/\.toml$/, '.txt')))
  })

  test('the line is the same with a BOM and with CRLF', () => {
    const text = readFileSync(join(folder, 'bad-many.toml'), 'utf8')
    const { message } = refusal(text, 'x.toml')
    expect(refusal(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'x.toml').message).toBe(message)
  })

  test('a text cut anywhere is accepted or refused, and nothing else happens', () => {
    const text = readFileSync(join(folder, 'good.toml'), 'utf8')
    for (let length = 0; length < text.length; length++) {
      try {
        parseConfig(text.slice(0, length), 'cut.toml')
      } catch (error) {
        expect(error).toBeInstanceOf(ExporterError)
        expect((error as ExporterError).message).toMatch(/^cut\.toml:\d+: /)
      }
    }
  })

  test('brackets as deep as nobody reads them are refused', () => {
    const deep = `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`
    expect(refusal(deep, 'x.toml').message).toMatch(/^x\.toml:1: .*too deep/)
  })

  test('a value that may be a secret is not printed', () => {
    for (const name of names) {
      const error = refusal(readFileSync(join(folder, name), 'utf8'), name)
      expect(error.message).not.toContain('hunter2')
    }
    const url = 'get = "ftp://user:hunter2@host/x"'
    const text = `[[server]]\nname = "a"\nmanager = "rlm"\n${url}\n`
    expect(refusal(text, 'x.toml').message).not.toContain('hunter2')
  })
})
