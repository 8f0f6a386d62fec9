import { alertRules, recordingRules } from '../alerts/rules.ts'

export function alertExpressions(): string[] {
  return [...alertRules, ...recordingRules].map(({ expr }) => expr)
}

/** Metrics that neither a dashboard nor a rule reads, and why they are there all the same. */
export const unread: ReadonlyMap<string, string> = new Map([])
