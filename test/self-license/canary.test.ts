import { Buffer } from 'node:buffer'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stateFile } from '../../exporter/self-license/state-file.ts'
import { claims, header, token } from './licenses.ts'
import { folder, start } from './monitor-world.ts'
import { day, hour } from './world.ts'

/** Everything the monitor says, as text. */
function said(run: Awaited<ReturnType<typeof start>>): string {
  const { monitor, events, warnings } = run
  return JSON.stringify([
    events,
    warnings,
    monitor.state,
    monitor.health(),
    [...monitor.samples(new Date())],
  ])
}

test('neither the token nor any piece of it is in an event, log, metric, error or page', async () => {
  const file = join(folder(), 'license.key')
  const stateDir = folder()
  const good = token({ ...claims, sub: 'canary-subject' })
  const tokens = [
    good,
    token({ ...claims, exp: 'canary' }),
    token(claims, { ...header, kid: 'canary-kid' }),
    token(claims, { ...header, alg: 'none' }),
    `${good.slice(0, -3)}AAA`,
    good.replace('.', '!'),
    good.slice(0, 150),
    `${good}\n${good}`,
    Buffer.from(good, 'utf16le').toString('latin1'),
  ]
  const texts: string[] = []
  const listen = (text: string | Uint8Array) => {
    texts.push(String(text))
    return true
  }
  const written = [process.stdout, process.stderr].map(stream => {
    const { write } = stream
    stream.write = listen as typeof stream.write
    return () => {
      stream.write = write
    }
  })
  try {
    writeFileSync(file, good)
    let run = await start({ file, stateDir })
    for (const one of tokens) {
      writeFileSync(file, one)
      for (let n = 0; n < 4; n++) await run.tick()
      texts.push(said(run))
      run.clock.wall -= hour
      await run.tick()
      texts.push(said(run))
      await run.monitor.close()
      run = await start({ file, stateDir, at: run.clock.wall + day })
      texts.push(said(run))
    }
    await run.monitor.close()
    writeFileSync(stateFile(stateDir), good)
    run = await start({ key: good, stateDir })
    texts.push(said(run))
  } finally {
    for (const restore of written) restore()
  }
  const everything = texts.join('\n')
  expect(everything).toContain('license.verification_failed')
  expect(everything).toContain('own-license.json is corrupt')
  const pieces = tokens.flatMap(one => {
    const whole: string[] = []
    for (let at = 0; at + 16 <= one.length; at += 8) whole.push(one.slice(at, at + 16))
    return whole
  })
  expect(pieces.filter(piece => everything.includes(piece))).toEqual([])
  expect(everything).not.toContain('canary')
})
