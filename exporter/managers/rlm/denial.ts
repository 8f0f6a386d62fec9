import type { DenialReason } from '../../model.ts'

/** RLM_EL_… status values (RLM license administration manual, "RLM Status Values"). */
const reasons: Readonly<Record<number, DenialReason>> = {
  1: 'no_such_feature', // No authorization for product
  2: 'no_such_feature', // Authorization is for another ISV
  3: 'expired',
  6: 'version', // Requested version not supported
  8: 'no_seats', // Checkout request for too many licenses
  10: 'excluded', // On excludeall list
  11: 'excluded', // On feature exclude list
  12: 'excluded', // Not on the includeall list
  13: 'excluded', // Not on the feature include list
  14: 'limit', // Request would go over license MAX
  22: 'no_seats', // All licenses in use
  29: 'excluded', // On roam exclude list
  30: 'excluded', // Not on roam include list
  31: 'limit', // Too many licenses roaming
  39: 'limit', // Over soft limit
  45: 'excluded', // Not a named user
  49: 'expired', // Demo license expired
}

const words: readonly (readonly [RegExp, DenialReason])[] = [
  [/all licenses (?:are )?in use|too many licenses/i, 'no_seats'],
  [/\bmax\b|soft limit/i, 'limit'],
  [/exclude|includ|named user/i, 'excluded'],
  [/version/i, 'version'],
  [/expired/i, 'expired'],
  [/no authorization|no such|another isv|no license for/i, 'no_such_feature'],
]

/** From a status value such as `-22`; without one, from the vendor's words; else `other`. */
export function denialReason(code: string | undefined, text = ''): DenialReason {
  if (code !== undefined) return reasons[Math.abs(Number(code))] ?? 'other'
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? 'other'
}
