import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lineOf, logFile, logPieces } from '../../exporter/cli/log-lines.ts'
import { mergeLogs } from '../../exporter/cli/log-merge.ts'
import { logReader as flexlmReader } from '../../exporter/managers/flexlm/log.ts'
import type { LogEntry } from '../../exporter/model.ts'
import { out, randomLog } from './entries.ts'
import { toyLine, toyReader } from './toy-log.ts'

describe('many logs', () => {
  async function merged(files: Record<string, string | Buffer>) {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const opened = await Promise.all(Object.keys(files).map(name => logFile(join(folder, name))))
    const entries: LogEntry[] = []
    const { empty } = await mergeLogs(
      { files: opened, reader: toyReader, onBytes() {} },
      entry => void entries.push(entry),
      () => {},
    )
    return { entries, empty: empty.map(path => path.slice(folder.length + 1)) }
  }
  const text = (entries: readonly LogEntry[]) => `${entries.map(toyLine).join('\n')}\n`

  test('files in any order, plain and gzip, are one log', async () => {
    const entries = randomLog(21, 900, 600)
    const parts = [entries.slice(0, 300), entries.slice(300, 600), entries.slice(600)].map(text)
    const found = await merged({
      a: parts[2] ?? '',
      'b.gz': gzipSync(parts[0] ?? ''),
      c: parts[1] ?? '',
    })
    expect(found.entries.map(toyLine)).toEqual(entries.map(toyLine))
  })

  test('logs of the same time are told in order of time', async () => {
    const entries = randomLog(22, 400, 600)
    const found = await merged({
      even: text(entries.filter((_, index) => index % 2 === 0)),
      odd: text(entries.filter((_, index) => index % 2 === 1)),
    })
    const times = found.entries.map(({ at }) => at)
    expect(found.entries).toHaveLength(400)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('a file of something else is named, not read', async () => {
    const found = await merged({ log: text([out(0, 'ann')]), noise: 'hello\nworld\n', empty: '' })
    expect(found.empty.sort()).toEqual(['empty', 'noise'])
    expect(found.entries).toHaveLength(1)
  })

  test('lines of 10 MB, CRLF, NUL and other code pages cost no other line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'log')
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from('one\r\ntwo José\n'),
        Buffer.from('three Jos\xe9\n', 'latin1'),
        Buffer.alloc(10 * 1024 * 1024, 'x'),
        Buffer.from('\nfo\0ur\nlast'),
      ]),
    )
    const lines: string[] = []
    for await (const piece of logPieces(await logFile(path))) {
      for (let at = 0, end = 0; at < piece.length; at = end + 1) {
        end = piece.indexOf(10, at)
        lines.push(lineOf(piece, at, end))
      }
    }
    expect(lines).toEqual(['one', 'two José', 'three José', 'four', 'last'])
  })

  test.each([
    ['a folder', tmpdir(), 'is a folder'],
    ['a device', '/dev/null', 'is not a regular file'],
    ['nothing', '/nowhere/log', 'cannot be read (ENOENT)'],
  ])('%s is refused with its name', async (_, path, why) => {
    await expect(logFile(path)).rejects.toThrow(`${path} ${why}`)
  })

  test('a damaged gzip file is named', async () => {
    const entries = randomLog(23, 5000, 60)
    const packed = gzipSync(text(entries))
    await expect(merged({ 'a.gz': packed.subarray(0, packed.length / 2) })).rejects.toThrow(
      /a\.gz cannot be read to its end/,
    )
  })
})

describe('times in front of the first date', () => {
  const lines = [
    '23:00:00 (cadlmd) OUT: "ACAD" ann@pc01',
    ' 1:00:00 (cadlmd) OUT: "ACAD" bob@pc02',
    ' 3:00:00 (cadlmd) IN: "ACAD" ann@pc01',
  ]
  const dated = [' 4:00:00 (lmgrd) TIMESTAMP 6/9/2024', ' 5:00:00 (cadlmd) IN: "ACAD" bob@pc02']

  async function timesOf(content: string | Buffer, modified?: string) {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'debug.log')
    writeFileSync(path, content)
    if (modified) utimesSync(path, new Date(modified), new Date(modified))
    const found: string[] = []
    await mergeLogs(
      {
        files: [await logFile(path)],
        reader: (_, now) => flexlmReader({ now, timeZone: 'Europe/Berlin' }),
        onBytes() {},
      },
      ({ at }) => void found.push(new Date(at * 1000).toISOString().slice(0, 16)),
      () => {},
    )
    return found
  }
  // A summer's day in Berlin, whatever day the log is read on.
  const summer = ['2024-06-08T21:00', '2024-06-08T23:00', '2024-06-09T01:00', '2024-06-09T03:00']

  test('are of the days before it', async () => {
    expect(await timesOf(`${[...lines, ...dated].join('\n')}\n`)).toEqual(summer)
    expect(await timesOf(`${[...lines, ...dated].join('\n')}\n`, '2025-01-15T22:30:00Z')).toEqual(
      summer,
    )
  })

  test('of a log without any date are those before it was written', async () => {
    const found = await timesOf(`${lines.join('\n')}\n`, '2024-06-09T01:00:30Z')
    expect(found).toEqual(summer.slice(0, 3))
  })

  test('stay with a line that is held back until the date is told', async () => {
    const wrapped = ' 3:30:00 (cadlmd) DENIED: "ACAD" cy@pc03  [cadlmd] '
    expect(await timesOf([...lines, wrapped, ...dated, ''].join('\n'))).toEqual([
      ...summer.slice(0, 3),
      '2024-06-09T01:30',
      ...summer.slice(3),
    ])
  })

  test.each([
    [
      'UTF-16 with a mark',
      Buffer.from(`\uFEFF${[...lines, ...dated, ''].join('\r\n')}`, 'utf16le'),
    ],
    ['UTF-16 without one', Buffer.from([...lines, ...dated, ''].join('\n'), 'utf16le')],
    [
      'UTF-16 of the other order',
      Buffer.from(`\uFEFF${[...lines, ...dated, ''].join('\n')}`, 'utf16le').swap16(),
    ],
  ])('%s is read', async (_, bytes) => {
    expect(await timesOf(bytes)).toEqual(summer)
    expect(await timesOf(gzipSync(bytes))).toEqual(summer)
  })

  test('a long log in UTF-16 loses no line where it is cut', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `10:00:00 (cadlmd) OUT: "F" Jörg${i}@pc`)
    const text = `10:00:00 (lmgrd) TIMESTAMP 6/9/2024\n${many.join('\n')}\n`
    expect(await timesOf(Buffer.from(text, 'utf16le'))).toHaveLength(20_000)
  })
})
