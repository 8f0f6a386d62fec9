import type { TestProject } from 'vitest/node'
import { buildHost, builtHosts } from './build-host.mts'
import { serveHosts } from './files.mts'
import { missingPrograms, startDemo, startPrometheus } from './programs.mts'

declare module 'vitest' {
  interface ProvidedContext {
    world: World
  }
}

export interface World {
  /** Why nothing can be tested here. */
  skipped?: string
  exporter: string
  key: string
  prometheus: string
  hostUrl: string
}

const none: World = { exporter: '', key: '', prometheus: '', hostUrl: '' }

/** The demo exporter, a Prometheus that scrapes it, and the host pages. */
export default async function setup(project: TestProject) {
  if (missingPrograms.length > 0) {
    const skipped = missingPrograms.join(' and ')
    console.log(`skipped: browser tests need ${skipped}`)
    project.provide('world', { ...none, skipped })
    return
  }
  for (const name of ['grafana-13', 'grafana-12']) await buildHost(name)
  const hosts = await serveHosts(builtHosts)
  const demo = await startDemo()
  const prometheus = await startPrometheus([demo.url], 'license_pool_info')
  project.provide('world', {
    exporter: demo.url,
    key: demo.key,
    prometheus: prometheus.url,
    hostUrl: hosts.url,
  })
  return async () => {
    await Promise.all([demo.close(), prometheus.close(), hosts.close()])
  }
}
