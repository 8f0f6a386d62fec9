import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { Snapshot } from '../../exporter/model.ts'

const now = new Date('2026-03-02T11:00:00Z')
const table = (more: object) => ({ name: 's', manager: 'flexlm', ...more })
const byRead = flexlm.server.parse(table({ read: '/r' }))

export function parse(
  text: string,
  more: { exitCode?: number; stderr?: string; files?: string[]; address?: string } = {},
): Snapshot {
  const output = (stdout: string, kind: string) => ({
    text: kind,
    stdout: Buffer.from(stdout),
    stderr: more.stderr ?? '',
    exitCode: more.exitCode ?? 0,
    at: now,
  })
  const server =
    more.address === undefined
      ? byRead
      : flexlm.server.parse(table({ tool: '/lmutil', address: more.address }))
  const files = (more.files ?? []).map(file => output(file, 'license_file'))
  return flexlm.parse([output(text, 'auto'), ...files], { now, timeZone: 'UTC', server })
}

export const heading = (name: string, issued: number, used: number) =>
  `Users of ${name}:  (Total of ${issued} licenses issued;  Total of ${used} licenses in use)\n`
