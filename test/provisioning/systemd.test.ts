import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tool } from '../needs.ts'

const unit = fileURLToPath(
  new URL('../../provisioning/systemd/license-exporter.service', import.meta.url),
)
const analyze = tool('systemd-analyze')
const run = (...args: string[]) => spawnSync(analyze!, args, { encoding: 'utf8', timeout: 60_000 })

describe('the systemd unit', () => {
  test.runIf(analyze)('has an exposure level of at most 3.0', () => {
    const { stdout, stderr } = run('security', '--offline=true', '--no-pager', unit)
    const level = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])
    console.log(`systemd-analyze security: ${level}`)
    expect(level, stderr).toBeLessThanOrEqual(3)
  })

  test.runIf(analyze)('has no line that systemd does not understand', () => {
    const { stderr } = run('verify', unit)
    const complaints = stderr.split('\n').filter(line => line.includes('license-exporter.service'))
    // The program is installed after the unit was checked.
    expect(complaints.filter(line => !line.includes('is not executable'))).toEqual([])
  })

  test('leaves V8 and the clock guard what they need, and drops all privileges', () => {
    const lines = readFileSync(unit, 'utf8').split('\n')
    expect(lines).toContain('DynamicUser=yes')
    expect(lines).toContain('StateDirectory=license-exporter')
    expect(lines).toContain('CapabilityBoundingSet=')
    expect(lines.filter(line => /^(MemoryDenyWriteExecute|ProcSubset)=/.test(line))).toEqual([])
  })
})
