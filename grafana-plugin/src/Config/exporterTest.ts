import { getAll, getStatus } from '../shared/api/exporter.ts'
import { explain } from '../shared/api/failure.ts'
import type { Checkout } from '../shared/api/types.ts'
import type { Exporter } from '../shared/settings.ts'

export interface TestResult {
  exporter: string
  severity: 'success' | 'warning' | 'error'
  sentence: string
  wayOn: string
}

/** Asks each exporter as the pages will, and says what is wrong. */
export function testExporters(exporters: readonly Exporter[]): Promise<TestResult[]> {
  return Promise.all(exporters.map(testOne))
}

async function testOne(exporter: Exporter): Promise<TestResult> {
  const { name } = exporter
  try {
    const status = await getStatus(exporter)
    await getAll<Checkout>(exporter, 'checkouts', {}, () => false, 1)
    const told = `“${name}” answers: version ${status.version}, ${status.servers} license servers`
    if (!status.scopes.includes('users')) {
      return {
        exporter: name,
        severity: 'warning',
        sentence: `${told}; the key lacks the scope users.`,
        wayOn: 'Checkouts are shown without names. Add "users" to the scopes of the key.',
      }
    }
    if (status.privacy.live === 'drop') {
      return {
        exporter: name,
        severity: 'warning',
        sentence: `${told}; it drops the names of users and hosts.`,
        wayOn:
          'Checkouts are shown without names. [privacy] live = "plain" shows them here, never in Prometheus.',
      }
    }
    return {
      exporter: name,
      severity: 'success',
      sentence: `${told}.`,
      wayOn: 'Names are shown to Editors and Admins.',
    }
  } catch (error) {
    const { sentence, wayOn } = explain(error, name)
    return { exporter: name, severity: 'error', sentence, wayOn }
  }
}
