import type { LogContext, LogReader } from './manager.ts'

/** What `report` and `backfill` need of a manager. */
export interface LogManager {
  name: string
  title: string
  logReader(context: LogContext): LogReader
}

/**
 * The managers that have a log, each reader loaded alone: a manager's status texts and its part of
 * the configuration take longer to load than 50 MB of its log to read.
 */
export const logManagers: Readonly<Record<string, () => Promise<LogManager>>> = {
  flexlm: async () => {
    const { logReader } = await import('./flexlm/log.ts')
    return { name: 'flexlm', title: 'FlexLM (FlexNet Publisher)', logReader }
  },
  rlm: async () => {
    const { rlmLogReader } = await import('./rlm/log.ts')
    return { name: 'rlm', title: 'RLM (Reprise License Manager)', logReader: rlmLogReader }
  },
  sesinetd: async () => {
    const { sesinetdLogReader } = await import('./sesinetd/log.ts')
    return { name: 'sesinetd', title: 'sesinetd (SideFX)', logReader: sesinetdLogReader }
  },
}
