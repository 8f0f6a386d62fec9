import type { Logger } from '../parts.ts'
import type { LicenseMonitor, LicenseMonitorOptions } from './api.ts'
import { startMonitor } from './monitor.ts'
import type { MonitorParts } from './monitor-parts.ts'
import { readClock } from './read-clock.ts'
import { createLicenseReader, sourceOf } from './read-license.ts'
import { trust } from './trust.ts'
import { builtAt, expected, trustedKeys } from './trusted-keys.ts'

/**
 * Watches the license: hourly check, changed files within 15 s, 24 h grace. Resolves after the first
 * check, so `state` is known from the beginning.
 * @throws ExporterError('config') for trustedKeys that must not be trusted
 */
export async function createLicenseMonitor(
  options: LicenseMonitorOptions = {},
): Promise<LicenseMonitor> {
  return startMonitor(await monitorParts(options), {
    clock: readClock,
    license: createLicenseReader(() => sourceOf(options, process.env)),
    every(milliseconds, call) {
      const timer = setInterval(call, milliseconds).unref()
      return () => clearInterval(timer)
    },
  })
}

/** Everything but the world; for createLicenseMonitor and tests. */
export async function monitorParts(options: LicenseMonitorOptions): Promise<MonitorParts> {
  return {
    trust: await trust(options.trustedKeys ?? trustedKeys),
    expected: {
      issuer: options.issuer ?? expected.issuer,
      audience: options.product ?? expected.audience,
    },
    builtAt: builtAt.getTime(),
    stateDir: options.stateDir,
    log: options.log ?? warnings,
  }
}

const warnings: Pick<Logger, 'warn'> = {
  warn: (msg, fields = {}) =>
    process.emitWarning(`${msg}: ${Object.values(fields).join(', ')}`, 'LicenseMonitor'),
}

export type {
  FetchGuard,
  FetchHandler,
  HealthBody,
  HttpGuard,
  LicenseMonitor,
  LicenseMonitorOptions,
} from './api.ts'
export { explain, sentence } from './refusals.ts'
export type { RefusalCode, TrustedKeys } from './types.ts'
