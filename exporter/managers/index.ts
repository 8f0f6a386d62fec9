import { flexlm } from './flexlm/index.ts'
import type { LicenseManager } from './manager.ts'
import { rlm } from './rlm/index.ts'
import { sesinetd } from './sesinetd/index.ts'

/** The registry: one line per license manager. */
export const managers = {
  flexlm,
  rlm,
  sesinetd,
} as const satisfies Record<string, LicenseManager<never>>

export type ManagerName = keyof typeof managers

export function manager(name: string): LicenseManager {
  return (managers as unknown as Record<string, LicenseManager>)[name] as LicenseManager
}
