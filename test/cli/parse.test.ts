import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from './program.ts'

const input = `lmutil - Copyright (c) 1989-2021 Flexera. All Rights Reserved.
Flexible License Manager status on Sun 11/22/2026 10:00

License server status: 27000@lic1
    License file(s) on lic1: /opt/flexlm/acme.lic:

      lic1: license server UP (MASTER) v11.18.2

Vendor daemon status (on lic1):

      acmed: UP v11.18.2

Feature usage info:

Users of solid:  (Total of 10 licenses issued;  Total of 5 licenses in use)

  "solid" v2.0, vendor: acmed, expiry: 31-dec-2026
  floating license

    alice ws1 /dev/tty (v2.0) (lic1/27000 101), start Sun 11/22 8:15
    bob ws2 /dev/tty (v2.0) (lic1/27000 201), start Sun 11/22 9:30, 2 licenses
	1 RESERVATION for GROUP cad (lic1/27000)
    this line is of nobody's making

Users of mesh:  (Total of 3 licenses issued;  Total of 0 licenses in use)

`

const log = `10:00:00 (lmgrd) TIMESTAMP 11/22/2026
10:00:01 (acmed) OUT: "solid" alice@ws1
10:00:02 (acmed) DENIED: "solid" bob@ws2  (Licensed number of users already reached. (-4,342))
10:00:03 (acmed) IN: "solid" alice@ws1
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'license-exporter-parse-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const args = ['parse', '--manager', 'flexlm', '--timezone', 'UTC', '--now', '2026-11-22T12:00:00Z']
const golden = (name: string) => fileURLToPath(new URL(`goldens/${name}`, import.meta.url))

describe('parse', () => {
  test('shows features, checkouts, what was not understood and what does not add up', async () => {
    const { code, stdout, stderr } = await program([...args, '-'], { input })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(stdout).toMatchFileSnapshot(golden('parse-status.txt'))
    expect(stdout).toContain("this line is of nobody's making")
    expect(stdout).toMatch(/^acmed +solid +5 +4$/m)
  })

  test('gives the snapshot as JSON', async () => {
    const { code, stdout } = await program([...args, '--format', 'json', '-'], { input })
    expect(code).toBe(0)
    const { manager, text, snapshot, ...rest } = JSON.parse(stdout)
    expect({ manager, text, rest }).toEqual({ manager: 'flexlm', text: 'status', rest: {} })
    expect(snapshot.features.map((one: { name: string }) => one.name)).toEqual(['solid', 'mesh'])
    expect(snapshot.checkouts[0]).toMatchObject({ user: 'alice', startedAt: 1795335300 })
  })

  test('recognises the manager as well as the text', async () => {
    const { code, stdout } = await program(['parse', '--format', 'json', '-'], { input })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ manager: 'flexlm', text: 'status' })
  })

  test('reads bytes of any encoding', async () => {
    const bytes = Buffer.from(`\ufeff${input}`, 'utf16le')
    const plain = await program([...args, '-'], { input })
    expect(await program([...args, '-'], { input: bytes })).toEqual(plain)
  })

  test('counts the entries of a log by kind, feature and reason', async () => {
    const { code, stdout } = await program([...args, '--format', 'json', '-'], { input: log })
    expect(code).toBe(0)
    const { text, entries, summary } = JSON.parse(stdout)
    expect(text).toBe('log')
    expect(entries).toHaveLength(3)
    expect(summary).toEqual({
      lines: 4,
      entries: 3,
      kind: { checkout: 1, denial: 1, checkin: 1 },
      feature: { solid: { checkout: 1, denial: 1, checkin: 1 } },
      reason: { no_seats: 1 },
    })
    const shown = await program([...args, '-'], { input: log })
    await expect(shown.stdout).toMatchFileSnapshot(golden('parse-log.txt'))
  })

  test('--anonymise keeps the facts and drops the names', async () => {
    const { code, stdout } = await program([...args, '--anonymise', '-'], { input })
    expect(code).toBe(0)
    for (const name of ['alice', 'bob', 'ws1', 'ws2', 'lic1']) expect(stdout).not.toContain(name)
    const again = await program([...args, '--format', 'json', '-'], { input: stdout })
    const before = await program([...args, '--format', 'json', '-'], { input })
    const facts = (text: string) =>
      JSON.parse(text).snapshot.features.map((one: { issued: number; used: number }) => [
        one.issued,
        one.used,
      ])
    expect(facts(again.stdout)).toEqual(facts(before.stdout))
  })

  test('text of nobody, an empty one and a missing file are sentences and exit code 1', async () => {
    const cases = [
      ['-', 'to be or not to be\n', 'the input is no text of FlexLM'],
      ['-', '', 'the input is empty'],
      [join(folder, 'none.txt'), '', 'none.txt does not exist'],
      [folder, '', 'is a directory'],
    ] as const
    for (const [file, text, sentence] of cases) {
      const { code, stdout, stderr } = await program([...args, file], { input: text })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^license-exporter: /)
      expect(stderr).toContain(sentence)
    }
  })

  test('binary garbage ends with a sentence and no stack', async () => {
    const file = join(folder, 'garbage')
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255)
    writeFileSync(file, bytes)
    const { code, stderr } = await program(['parse', file])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^license-exporter: .*garbage is no text of any license manager/)
  })

  test('an escape sequence in a text does not reach the terminal', async () => {
    const evil = input.replace('alice', 'al\u001b[31mice')
    const { stdout } = await program([...args, '-'], { input: evil })
    expect(stdout).not.toContain('\u001b')
  })
})
