/**
 * Why something could not be read. The code is stable: it is the metric label `reason` of
 * license_exporter_collect_errors_total and license_server_problem, and what programs match on.
 */
export const collectErrorCodes = [
  'timeout',
  'fetch',
  'tool_missing',
  'unreadable',
  'stale_input',
  'output_limit',
  'exit_code',
] as const

export type CollectErrorCode = (typeof collectErrorCodes)[number]

/** `config` = refused before anything starts; `usage` = a wrong command line; `internal` = our own bug. */
export type ErrorCode = CollectErrorCode | 'config' | 'usage' | 'internal'

export type Facts = Readonly<Record<string, string | number | boolean>>

export class ExporterError extends Error {
  override readonly name = 'ExporterError'
  readonly code: ErrorCode
  /** What, where, which: fields for a log line. Never a secret. */
  readonly facts: Facts

  constructor(code: ErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.facts = facts
  }
}

/** A failed reading's reason: an error that is not ours is a text we could not read. */
export function collectErrorCode(error: unknown): CollectErrorCode {
  if (error instanceof ExporterError) {
    const code = collectErrorCodes.find(known => known === error.code)
    if (code) return code
  }
  return 'unreadable'
}
