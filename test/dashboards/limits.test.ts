import { expect, test } from 'vitest'
import { limits } from '../../dashboards/limits.ts'
import { alertRules } from '../alerts/rules.ts'

const day = 86_400

/** The numbers that an alert compares with, `7 * 86400` multiplied out. */
function compared(alert: string): number[] {
  const rule = alertRules.find(one => one.alert === alert)
  if (!rule) throw new Error(`there is no alert ${alert}`)
  return [...rule.expr.matchAll(/[<>]=?\s*(-?[\d.]+)(?:\s*\*\s*(\d+))?/g)].map(
    ([, number, times]) => Number(number) * Number(times ?? 1),
  )
}

/** A colour that changes where no alert fires, or the other way round, misleads. */
test.each([
  ['IOSetuLicenseExpiresIn30Days', limits.ownLicenseDays.info * day],
  ['LicenseExpiringSoon', limits.ownLicenseDays.warning * day],
  ['IOSetuLicenseExpiresIn24Hours', limits.ownLicenseDays.critical * day],
  ['IOSetuLicenseGraceEndingSoon', limits.graceSeconds],
  ['IOSetuLicenseCheckStale', limits.lastCheckSeconds],
  ['LicensePoolExpiresIn60Days', limits.poolExpirySeconds.info],
  ['LicensePoolExpiresIn30Days', limits.poolExpirySeconds.warning],
  ['LicensePoolExpiresIn7Days', limits.poolExpirySeconds.critical],
  ['LicenseFeatureNearlyExhausted', limits.utilisation.warning],
  ['LicenseFeatureNearlyExhausted', limits.utilisation.critical],
  ['LicenseSeatHeldWhileFull', limits.heldSeconds],
])('%s compares with %d, as the dashboards do', (alert, limit) => {
  expect(compared(alert)).toContain(limit)
})
