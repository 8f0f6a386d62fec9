import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resumePositions } from '../../exporter/collect/log-position.ts'
import { folder, follow } from './log-files.ts'

function out(...features: string[]): string {
  return features.map(feature => `OUT ${feature}\n`).join('')
}

async function started(content = out('old')) {
  const path = join(folder(), 'acme.log')
  writeFileSync(path, content)
  const followed = follow([path])
  expect(await followed.readAll()).toEqual([])
  return { path, ...followed }
}

describe('a log without a position', () => {
  test('is read from its end', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a', 'b'))
    expect(await readAll()).toEqual(['a', 'b'])
    expect(await readAll()).toEqual([])
  })

  test('that ends in the middle of a line has this line read whole', async () => {
    const { path, readAll } = await started(`${out('old')}OUT hal`)
    appendFileSync(path, 'f\n')
    expect(await readAll()).toEqual(['half'])
  })

  test('that does not exist yet is read from its start once it does', async () => {
    const path = join(folder(), 'late.log')
    const { readAll } = follow([path])
    expect(await readAll()).toEqual([])
    writeFileSync(path, out('first'))
    expect(await readAll()).toEqual(['first'])
  })
})

describe('a line', () => {
  test('is told when it is whole, however many writes it takes', async () => {
    const { path, readAll } = await started()
    for (const part of ['OU', 'T ', 'pie', 'ces']) {
      appendFileSync(path, part)
      expect(await readAll()).toEqual([])
    }
    appendFileSync(path, '\nOUT next\n')
    expect(await readAll()).toEqual(['pieces', 'next'])
  })

  test('may end in CRLF, hold zero bytes, UTF-8 or Latin-1', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, 'OUT crlf\r\n\0\0OUT ze\0ro\nOUT grün\n')
    appendFileSync(path, Buffer.from('OUT gr\xfcn\n', 'latin1'))
    expect(await readAll()).toEqual(['crlf', 'zero', 'grün', 'grün'])
  })

  test('of 10 MB is counted and left out, the next ones are read', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, `OUT ${'x'.repeat(10_000_000)}\n${out('after')}`)
    expect(await readAll()).toEqual(['after'])
    expect(tail.state.lines).toBe(2)
  })

  test('of 10 MB may still be growing across a restart', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, `OUT ${'x'.repeat(5_000_000)}`)
    expect(await readAll()).toEqual([])
    const positions = tail.checkpoint()
    await tail.close()
    appendFileSync(path, `OUT no line\n${out('after')}`)
    expect(await follow([path], { positions }).readAll()).toEqual(['after'])
  })
})

describe('a log that is rotated by renaming', () => {
  test('is read to its end, then the new one from its start', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a'))
    renameSync(path, `${path}.1`)
    writeFileSync(path, out('b'))
    expect(await readAll()).toEqual(['a', 'b'])
  })

  test('is read on while its daemon still writes to the old name', async () => {
    const { path, readAll } = await started()
    renameSync(path, `${path}.1`)
    expect(await readAll()).toEqual([])
    appendFileSync(`${path}.1`, out('a'))
    expect(await readAll()).toEqual(['a'])
    writeFileSync(path, out('b'))
    expect(await readAll()).toEqual(['b'])
    appendFileSync(`${path}.1`, out('late'))
    appendFileSync(path, out('c'))
    expect(await readAll()).toEqual(['late', 'c'])
  })

  test('several times between two looks loses none', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a'))
    for (const feature of ['b', 'c', 'd']) {
      for (const n of [2, 1]) {
        spawnSync('mv', ['-f', `${path}.${n}`, `${path}.${n + 1}`])
      }
      renameSync(path, `${path}.1`)
      writeFileSync(path, out(feature))
    }
    expect(await readAll()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('with dates in the names loses none', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a'))
    renameSync(path, path.replace('.log', '-20260105.log'))
    writeFileSync(path, out('b'))
    expect(await readAll()).toEqual(['a', 'b'])
  })
})

describe('a log that is truncated', () => {
  test('in place is read from its start', async () => {
    const { path, readAll } = await started(out('a long line to begin with'))
    truncateSync(path)
    appendFileSync(path, out('new'))
    expect(await readAll()).toEqual(['new'])
  })

  test('and longer than before at the next look is read from its start', async () => {
    const { path, readAll } = await started(out('x'))
    truncateSync(path)
    appendFileSync(path, out('longer', 'than', 'before'))
    expect(await readAll()).toEqual(['longer', 'than', 'before'])
  })

  test('after copying has its unread end read from the copy', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a', 'b'))
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, out('c'))
    expect(await readAll()).toEqual(['a', 'b', 'c'])
    renameSync(`${path}.1`, `${path}.2`)
    appendFileSync(path, out('d'))
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    expect(await readAll()).toEqual(['d'])
  })

  test('by copytruncate twice between two looks loses none', async () => {
    const { path, readAll } = await started()
    appendFileSync(path, out('a'))
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, out('b'))
    renameSync(`${path}.1`, `${path}.2`)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, out('c'))
    expect(await readAll()).toEqual(['a', 'b', 'c'])
  })

  test('by copytruncate before its first line was read is told though nothing follows', async () => {
    const { path, readAll } = await started()
    truncateSync(path)
    expect(await readAll()).toEqual([])
    appendFileSync(path, out('a'))
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    expect(await readAll()).toEqual(['a'])
    appendFileSync(path, out('b'))
    expect(await readAll()).toEqual(['b'])
  })

  test('under a writer that keeps its place leaves a hole that costs no line', async () => {
    const { path, readAll } = await started()
    truncateSync(path)
    truncateSync(path, 3_000_000)
    appendFileSync(path, out('after the hole'))
    expect(await readAll()).toEqual(['after the hole'])
  })
})

describe('a log with a position', () => {
  test('goes on there after a restart', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, out('a'))
    await readAll()
    const positions = JSON.parse(JSON.stringify(tail.checkpoint()))
    await tail.close()
    appendFileSync(path, out('b'))
    expect(await follow([path], { positions }).readAll()).toEqual(['b'])
  })

  test('has the state of its reader restored', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, 'TIMESTAMP 1/5/2026\n')
    await readAll()
    expect(tail.checkpoint()).toMatchObject([{ reader: { last: 'TIMESTAMP 1/5/2026' } }])
  })

  test('is found under its new name, and what came after it is read', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, out('a'))
    await readAll()
    const positions = tail.checkpoint()
    await tail.close()
    appendFileSync(path, out('b'))
    renameSync(path, `${path}.2`)
    writeFileSync(`${path}.1`, out('c'))
    writeFileSync(path, out('d'))
    expect(await follow([path], { positions }).readAll()).toEqual(['b', 'c', 'd'])
  })

  test('is found in its copy after a copytruncate', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, out('a'))
    await readAll()
    const positions = tail.checkpoint()
    await tail.close()
    appendFileSync(path, out('b'))
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, out('c'))
    expect(await follow([path], { positions }).readAll()).toEqual(['b', 'c'])
  })

  test('is not taken for another file that got its inode', async () => {
    const { path, readAll, tail } = await started()
    appendFileSync(path, out('a'))
    await readAll()
    const [position] = tail.checkpoint()
    await tail.close()
    rmSync(path)
    writeFileSync(path, out('quite', 'another', 'file', 'that', 'is', 'longer'))
    const { dev, ino } = statSync(path)
    const stolen = follow([path], { positions: [{ ...position!, inode: `${dev}:${ino}` }] })
    expect(await stolen.readAll()).toHaveLength(6)
  })

  test('of a file that is gone has the present one read from its start', async () => {
    const { path, readAll, tail } = await started()
    await readAll()
    const positions = tail.checkpoint()
    await tail.close()
    rmSync(path)
    writeFileSync(path, out('new'))
    expect(await follow([path], { positions }).readAll()).toEqual(['new'])
  })
})

describe('an entry', () => {
  test('has the same id whenever and under whatever name it is read', async () => {
    const { path, readAll, tail, entries } = await started('')
    const [position] = tail.checkpoint()
    for (let i = 0; i < 200; i++) {
      appendFileSync(path, out(`feature ${i}`))
      if (i % 7 === 0) await readAll()
    }
    await readAll()
    await tail.close()
    renameSync(path, `${path}.1`)
    writeFileSync(path, '')
    const again = follow([path], { positions: [position!] })
    await again.readAll()
    expect(again.entries.map(one => one.id)).toEqual(entries.map(one => one.id))
    expect(new Set(entries.map(one => one.id)).size).toBe(200)
  })

  test('that waits for its event keeps the position, and is marked when it is read again', async () => {
    const { path, readAll, tail, entries } = await started()
    appendFileSync(path, out('a', 'b', 'c'))
    await readAll()
    const waiting = entries[1]!
    const positions = resumePositions(tail.checkpoint(), [waiting])
    await tail.close()
    appendFileSync(path, out('d'))
    const again = follow([path], { positions: JSON.parse(JSON.stringify(positions)) })
    expect(await again.readAll()).toEqual(['b', 'c', 'd'])
    expect(again.entries.map(one => one.replayed)).toEqual([true, true, false])
    expect(again.entries[0]!.id).toBe(waiting.id)
    expect(again.tail.state.lines).toBe(1)
  })

  test('that waits in a rotated log keeps that log too', async () => {
    const { path, readAll, tail, entries } = await started()
    appendFileSync(path, out('a', 'b'))
    await readAll()
    renameSync(path, `${path}.1`)
    writeFileSync(path, out('c'))
    await readAll()
    const current = tail.checkpoint().slice(-1)
    const positions = resumePositions(current, [entries[1]!])
    await tail.close()
    const again = follow([path], { positions })
    expect(await again.readAll()).toEqual(['b'])
    expect(again.entries.map(one => one.replayed)).toEqual([true])
  })
})

describe('what is no log', () => {
  test('as a folder or a FIFO is said once and never waited for', async () => {
    const at = folder()
    const fifo = join(at, 'fifo.log')
    spawnSync('mkfifo', [fifo])
    mkdirSync(join(at, 'folder.log'))
    const followed = follow([fifo, join(at, 'folder.log')])
    await followed.readAll()
    await followed.readAll()
    expect(followed.problems).toEqual(['is not a regular file', 'is not a regular file'])
  })

  // Root reads everything.
  test.skipIf(process.getuid?.() === 0)('as an unreadable file is said once', async () => {
    const { path, readAll, problems } = await started()
    rmSync(path)
    writeFileSync(path, out('a'))
    chmodSync(path, 0)
    await readAll()
    chmodSync(path, 0o644)
    await readAll()
    expect(problems).toEqual(['cannot be read (EACCES)', undefined])
  })

  test('as a log under two names is read twice, with the same ids', async () => {
    const { path } = await started()
    linkSync(path, `${path}.link`)
    const both = follow([path, `${path}.link`])
    await both.readAll()
    appendFileSync(path, out('a'))
    expect(await both.readAll()).toEqual(['a', 'a'])
    expect(new Set(both.entries.map(one => one.id)).size).toBe(1)
  })
})

test('lag, lines and the last line are told', async () => {
  const { path, tail } = await started()
  appendFileSync(path, out('a', 'b'))
  await tail.read()
  expect(tail.state).toMatchObject({ lines: 2, lagBytes: 0 })
  expect(tail.state.lastLineAt).toBeCloseTo(Date.now() / 1000, -1)
})

test('a backlog is read in bounded slices', async () => {
  const { path, tail } = await started()
  appendFileSync(path, out('feature').repeat(100_000))
  expect(await tail.read()).toBe(true)
  expect(tail.state.lagBytes).toBeGreaterThan(500_000)
  expect(tail.state.lines).toBeLessThan(50_000)
})
