import type { LogContext, LogReader } from './manager.ts'

/** What `report` and `backfill` need of a manager. */
export interface LogManager {
  name: string
  title: string
  logReader(context: LogContext): LogReader
}

/** Managers whose log does not tell who had what. */
export const withoutHistory: Readonly<Record<string, string>> = {
  sesinetd:
    'its log tells the peaks of product groups and no checkouts: only live metrics have them',
}

/**
 * The managers that log checkouts, each reader loaded alone: a manager's status texts and its part of
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
}
