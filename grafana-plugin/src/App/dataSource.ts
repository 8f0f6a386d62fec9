import type { DataSourceInstanceSettings } from '@grafana/data'
import type { ProblemProps } from '../shared/states.tsx'
import { paths } from '../shared/links.ts'

type Listed = Pick<DataSourceInstanceSettings, 'uid' | 'name' | 'type' | 'isDefault'>

const config = { href: paths.config, linkText: 'Open the configuration' }

/** The Prometheus of the pages: the configured one, else the default one, else the first. */
export function chooseDataSource(
  uid: string | undefined,
  all: readonly Listed[]
): { uid: string } | { problem: ProblemProps } {
  const prometheus = all.filter(one => one.type === 'prometheus')
  if (uid) {
    const chosen = all.find(one => one.uid === uid)
    if (chosen?.type === 'prometheus') return { uid }
    if (chosen) {
      return {
        problem: {
          sentence: `The configured data source “${chosen.name}” is a ${chosen.type}, not a Prometheus.`,
          wayOn: 'Choose the Prometheus that scrapes the license exporter.',
          ...config,
        },
      }
    }
    return {
      problem: {
        sentence: 'The configured data source is gone, or you may not see it.',
        wayOn: 'Choose another one, or ask an administrator for the permission to query it.',
        ...config,
      },
    }
  }
  const first = prometheus.find(one => one.isDefault) ?? prometheus[0]
  if (first) return { uid: first.uid }
  return {
    problem: {
      sentence: 'There is no Prometheus data source that you may query.',
      wayOn:
        'Add one that scrapes the license exporter; Setup of this app shows the scrape configuration.',
      ...config,
    },
  }
}
