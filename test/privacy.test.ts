import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { configSchema } from '../exporter/config/schema.ts'
import { createNames } from '../exporter/privacy.ts'
import { loadPrivacyKey } from '../exporter/privacy-key.ts'

const folder = await mkdtemp(join(tmpdir(), 'privacy-'))
afterAll(() => rm(folder, { recursive: true }))

describe('a name', () => {
  const key = Buffer.from('a key of this test')

  test('is dropped, hashed or plain, users and hosts apart', () => {
    const names = createNames({ users: 'hash', hosts: 'plain', key })
    expect(names.user('ann')).toMatch(/^[0-9a-f]{12}$/)
    expect(names.host('pc1')).toBe('pc1')
    expect(createNames({ users: 'drop', hosts: 'drop' }).user('ann')).toBeUndefined()
  })

  test('has one hash under one key, another under another, another as a host', () => {
    const names = createNames({ users: 'hash', hosts: 'hash', key })
    const again = createNames({ users: 'hash', hosts: 'hash', key })
    const other = createNames({ users: 'hash', hosts: 'hash', key: Buffer.from('another key') })
    expect(again.user('ann')).toBe(names.user('ann'))
    expect(other.user('ann')).not.toBe(names.user('ann'))
    expect(names.host('ann')).not.toBe(names.user('ann'))
    expect(names.user('bob')).not.toBe(names.user('ann'))
  })

  test('that is not known stays unknown', () => {
    const names = createNames({ users: 'hash', hosts: 'plain', key })
    expect(names.user(undefined)).toBeUndefined()
    expect(names.host(undefined)).toBeUndefined()
  })

  test('is told by nobody where the key is missing', () => {
    expect(createNames({ users: 'hash', hosts: 'drop' }).user('ann')).toBeUndefined()
  })
})

describe('the privacy key', () => {
  const config = (text: object) => configSchema.parse(text)
  const users = 'hash'

  test('is made at the first start, for its owner alone, and stays', async () => {
    const stateDir = join(folder, 'state')
    const asked = config({ state_dir: stateDir, privacy: { users } })
    const keys = await Promise.all([loadPrivacyKey(asked), loadPrivacyKey(asked)])
    expect(keys[0]).toEqual(keys[1])
    expect(Buffer.from(keys[0]!).toString()).toMatch(/^[0-9a-f]{64}$/)
    expect((await stat(join(stateDir, 'privacy.key'))).mode & 0o777).toBe(0o600)
    expect(await loadPrivacyKey(asked)).toEqual(keys[0])
  })

  test('is not made where nothing is hashed', async () => {
    const stateDir = join(folder, 'other')
    expect(await loadPrivacyKey(config({ state_dir: stateDir }))).toBeUndefined()
    await expect(readFile(join(stateDir, 'privacy.key'))).rejects.toThrow('ENOENT')
  })

  test.each([
    ['no state_dir and no key_file', {}, 'set state_dir, or privacy.key_file'],
    ['a missing file', { key_file: join(folder, 'missing') }, 'cannot be read (ENOENT)'],
  ])('%s is refused with a sentence', async (_, privacy, sentence) => {
    const asked = config({ privacy: { users, ...privacy } })
    await expect(loadPrivacyKey(asked)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(sentence),
    })
  })

  test('that is short, or writable by others, is refused and not printed', async () => {
    const path = join(folder, 'given.key')
    const asked = config({ privacy: { users, key_file: path } })
    await writeFile(path, 'short\n', { mode: 0o600 })
    await expect(loadPrivacyKey(asked)).rejects.toThrow('holds less than 16 bytes')
    await writeFile(path, 'long enough for a key\n')
    expect(Buffer.from((await loadPrivacyKey(asked))!).toString()).toBe('long enough for a key')
    await chmod(path, 0o666)
    const refused = await loadPrivacyKey(asked).catch((error: Error) => error.message)
    expect(refused).toContain('is writable by others')
    expect(refused).not.toContain('long enough')
  })
})
