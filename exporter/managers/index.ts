import { flexlm } from './flexlm/index.ts'
import type { LicenseManager } from './manager.ts'
import { rlm } from './rlm/index.ts'
import { sesinetd } from './sesinetd/index.ts'

/** The registry: one line per license manager. */
export const managers = {
  flexlm,
  rlm,
  sesinetd,
} as const satisfies Record<string, LicenseManager>

export type ManagerName = keyof typeof managers

/** The manager of a configured server; the configuration admits registered names only. */
export function manager(name: string): LicenseManager {
  return managers[name as ManagerName]
}
