import type { Logger } from './parts.ts'
import { redact, redactValue } from './redact.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
type LogLevel = (typeof levels)[number]

export interface LoggerOptions {
  level: LogLevel
  format: 'json' | 'text'
  /** One line with its end; stderr unless told otherwise: stdout is for events and answers. */
  write?: (line: string) => void
  now?: () => Date
}

/**
 * The exporter's own log: one line each, secrets redacted, never throwing. Level and format are read
 * at each line: who changes `options` changes them.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { write = toStderr, now = () => new Date() } = options
  const at =
    (one: LogLevel) =>
    (msg: string, fields: Record<string, unknown> = {}) => {
      const { level, format } = options
      if (levels.indexOf(one) < levels.indexOf(level)) return
      try {
        write(`${(format === 'json' ? jsonLine : textLine)(now(), one, msg, fields)}\n`)
      } catch {
        // A log that cannot be written is no reason to stop monitoring.
      }
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** The same logger with fields on every line, such as the correlation_id of one request. */
export function withFields(log: Logger, fixed: Record<string, unknown>): Logger {
  return {
    debug: (msg, fields) => log.debug(msg, { ...fixed, ...fields }),
    info: (msg, fields) => log.info(msg, { ...fixed, ...fields }),
    warn: (msg, fields) => log.warn(msg, { ...fixed, ...fields }),
    error: (msg, fields) => log.error(msg, { ...fixed, ...fields }),
  }
}

function jsonLine(at: Date, level: LogLevel, msg: string, fields: Record<string, unknown>) {
  const clean = redactValue(fields) as Record<string, unknown>
  const line = { timestamp: at.toISOString(), level: level.toUpperCase(), msg: redact(msg) }
  // The line's own three win over fields of the same name.
  return JSON.stringify({ ...line, ...clean, ...line })
}

function textLine(at: Date, level: LogLevel, msg: string, fields: Record<string, unknown>) {
  const clean = Object.entries(redactValue(fields) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${plain(value)}`)
  const text = redact(msg).replace(/[\u0000-\u001f\u007f]/g, ' ')
  return `${at.toISOString()} ${level.toUpperCase().padEnd(5)} ${text}${clean.join('')}`
}

function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return typeof value === 'string' && /[\s"=\u0000-\u001f]/.test(text) ? JSON.stringify(text) : text
}

function toStderr(line: string): void {
  process.stderr.write(line)
}
