import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { type Sample, sample } from '../catalogue.ts'

/** A timer this often; finer ones cost more CPU than an idle exporter should take. */
const lagResolutionMs = 50

/** The process itself, under the names that dashboards of every exporter know. */
export function createProcessSamples(build: {
  version: string
  mode: 'run' | 'demo'
}): () => Iterable<Sample> {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs })
  delay.enable()
  const startedAt = Date.now() / 1000 - process.uptime()
  const maxFds = fdLimit()
  const info = { version: build.version, node_version: process.version, mode: build.mode }
  return function* processSamples() {
    yield sample('license_exporter_build_info', info, 1)
    const { user, system } = process.cpuUsage()
    yield sample('process_cpu_user_seconds_total', {}, user / 1e6)
    yield sample('process_cpu_system_seconds_total', {}, system / 1e6)
    yield sample('process_cpu_seconds_total', {}, (user + system) / 1e6)
    yield sample('process_start_time_seconds', {}, startedAt)
    const rss = residentBytes()
    if (rss !== undefined) yield sample('process_resident_memory_bytes', {}, rss)
    const heap = getHeapStatistics()
    yield sample('nodejs_heap_size_total_bytes', {}, heap.total_heap_size)
    yield sample('nodejs_heap_size_used_bytes', {}, heap.used_heap_size)
    const open = openFds()
    if (open !== undefined) yield sample('process_open_fds', {}, open)
    if (maxFds !== undefined) yield sample('process_max_fds', {}, maxFds)
    // The histogram holds the time between two timers: the lag is what exceeds their distance.
    const lag = delay.count > 0 ? Math.max(0, delay.mean / 1e9 - lagResolutionMs / 1e3) : 0
    delay.reset()
    yield sample('nodejs_eventloop_lag_seconds', {}, lag)
  }
}

/** A root folder may have no /proc: the other series are told all the same. */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}

/** /proc is Linux: elsewhere these two series are absent. */
function openFds(): number | undefined {
  try {
    // The listing itself holds one.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return undefined
  }
}

function fdLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
