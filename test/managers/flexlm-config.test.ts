import { describe, expect, test } from 'vitest'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'

const table = (more: object) => ({ name: 's', manager: 'flexlm', ...more })

describe('the configuration of a FlexLM server', () => {
  const problems = (more: object) =>
    flexlm.server.safeParse(table(more)).error?.issues.map(issue => issue.message) ?? []

  test.each([
    '27000@lic1',
    '@lic1',
    '27000@lic1.example.com,27000@lic2,27000@10.0.0.3',
    '27000@[::1]',
    '1@a_b-c',
  ])('%s is an address', address => {
    expect(problems({ tool: '/opt/lmutil', address })).toEqual([])
  })

  test.each([
    '/etc/passwd',
    'lic1',
    '27000@lic1,27000@lic2',
    '0@lic1',
    '65536@lic1',
    '027@lic1',
    '27000@-c',
    '27000@lic1;id',
    '27000@lic 1',
    '27000@lic1\n',
    '27000@@lic1',
    '27000@',
    '27000@300.1.1.1',
    '27000@[::1%eth0]',
    '27000@lic1,27000@lic2,27000@lic3,27000@lic4',
    `27000@${'a'.repeat(300)}`,
  ])('%j is refused with a sentence', address => {
    const [message = ''] = problems({ tool: '/opt/lmutil', address })
    expect(message.length).toBeGreaterThan(20)
  })

  test('exactly one of tool, read and get is given', () => {
    expect(problems({})).toEqual(['nothing to read: give tool and address, or read, or get'])
    expect(problems({ read: '/a', get: 'http://b/' })).toHaveLength(1)
    expect(problems({ tool: '/a' })).toEqual(['tool needs an address such as "27000@lic1"'])
    expect(problems({ tool: 'lmutil', address: '@a' })).toEqual(['write an absolute path'])
    expect(problems({ read: '/a', address: '1@a', license_files: ['/x.lic'] })).toEqual([])
  })

  test('the tool is asked once for status and feature list, and files are read beside', () => {
    const server = flexlm.server.parse(
      table({ tool: '/opt/lmutil', address: '1@a', license_files: ['/x.lic'] }),
    )
    expect(flexlm.requests(server)).toEqual([
      { run: ['/opt/lmutil', 'lmstat', '-a', '-i', '-c', '1@a'], text: 'status' },
      { read: '/x.lic', text: 'license_file', beside: true },
    ])
    expect(flexlm.members(server)).toEqual(['a'])
  })

  test('a tool that is called lmstat is not told its own name', () => {
    const server = flexlm.server.parse(table({ tool: '/opt/lmstat', address: '@a' }))
    expect(flexlm.requests(server)).toEqual([
      { run: ['/opt/lmstat', '-a', '-i', '-c', '@a'], text: 'status' },
    ])
  })
})
