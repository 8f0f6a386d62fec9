import { metricName, sample } from '../exporter/catalogue.ts'

/** Read by the type checker alone: each line below must be refused, else the check fails. */

const server = { server: 'cad', manager: 'flexlm' }

export function refused() {
  // @ts-expect-error an unknown metric
  sample('license_server_upp', server, 1)
  // @ts-expect-error a missing label
  sample('license_server_up', { server: 'cad' }, 1)
  // @ts-expect-error a label that the metric does not have
  sample('license_server_up', { server: 'cad', manager: 'flexlm', vendor: 'acme' }, 1)
  // @ts-expect-error a value that is no number
  sample('license_server_up', server, '1')
  // @ts-expect-error a label that is no string
  sample('license_server_up', { server: 'cad', manager: 1 }, 1)
  // @ts-expect-error a value that may be unknown: then the series is absent
  sample('license_server_up', server, undefined as number | undefined)
  // @ts-expect-error an unknown metric in a query
  metricName('license_server_upp')
}

export const taken = sample('license_server_up', server, 1)
