import type { LogEntry } from '../../model.ts'
import { longestLine } from '../lines.ts'
import type { LogContext, LogReader } from '../manager.ts'
import { readDebugLine } from './debug-log.ts'
import { LogClock } from './log-clock.ts'
import { ReportReader, type ReportState } from './report-log.ts'

export const debugLogMark = /^\d{1,2}\/\d{1,2}(?:\/\d{4})? +\d{1,2}:\d{2}(?::\d{2})? \([^()\s]+\)/
export const reportLogMark =
  /^(?:RLM Report Log Format |ISV: \S+, RLM version |(?:OUT|DENY|QUE) \S+ \S+ .*" \d{1,9} )/

interface State {
  last?: number
  dated: boolean
  report: ReportState
}

/**
 * RLM's debug log (`isv.dlog`) and report log: which of them it is shows in each line. A server
 * whose two logs are both read counts each checkout twice: configure one of them.
 */
export function rlmLogReader(context: LogContext): LogReader {
  const clock = new LogClock(context.now, context.timeZone)
  const report = new ReportReader(clock)
  return {
    read(text: string): LogEntry | undefined {
      if (text.length > longestLine) return undefined
      const line = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
      return readDebugLine(line, clock) ?? report.read(line)
    },
    get lastAt() {
      return clock.last
    },
    get dated() {
      return clock.dated
    },
    state(): State {
      const { last } = clock
      return { ...(last === undefined ? {} : { last }), dated: clock.dated, report: report.state() }
    },
    restore(state: unknown): void {
      const { last, dated, report: kept } = (state ?? {}) as Partial<State>
      if (typeof last === 'number') clock.last = last
      clock.dated = dated === true
      if (kept && typeof kept.vendor === 'string' && Array.isArray(kept.handles)) {
        report.restore(kept)
      }
    },
  }
}
