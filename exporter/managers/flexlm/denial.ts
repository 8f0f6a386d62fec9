import type { DenialReason } from '../../model.ts'

/** FlexNet's error codes as reasons that mean the same for every vendor. */
const reasons: Readonly<Record<string, DenialReason>> = {
  '-4': 'no_seats', // Licensed number of users already reached
  '-5': 'no_such_feature', // No such feature exists
  '-10': 'expired', // Feature has expired
  '-18': 'no_such_feature', // License server system does not support this feature
  '-21': 'version', // License file does not support this version
  '-24': 'no_seats', // Users are queued for this feature
  '-25': 'version', // License server system does not support this version of this feature
  '-26': 'no_seats', // Request for more licenses than this feature supports
  '-35': 'no_seats', // In the queue for this feature
  '-38': 'excluded', // User/host on EXCLUDE list for feature
  '-39': 'excluded', // User/host not on INCLUDE list for feature
  '-83': 'version', // FLEXnet version of vendor daemon is too old
  '-87': 'limit', // Checkout exceeds MAX specified in options file
}

const words: readonly [RegExp, DenialReason][] = [
  // Seats are there, the options file keeps them for others.
  [/\breserved for others\b/i, 'limit'],
  [/\balready reached\b|\bqueued\b|more licenses than/i, 'no_seats'],
  [/\bexceeds MAX\b|\bMAX\b.*\boptions\b/i, 'limit'],
  [/\b(?:EXCLUDE|INCLUDE)\b/i, 'excluded'],
  [/\bexpired\b/i, 'expired'],
  [/no such feature|not support this feature/i, 'no_such_feature'],
  [/not support this version|version of this feature/i, 'version'],
]

/** `(Licensed number of users already reached. (-4,342:10054 ""))` */
export function denialReason(text: string): { reason: DenialReason; code?: string } {
  const code = /\((-\d{1,4})(?:[,:)]|$)/.exec(text)?.[1]
  const known = code === undefined ? undefined : reasons[code]
  if (code !== undefined && known) return { reason: known, code }
  const reason = words.find(([sign]) => sign.test(text))?.[1] ?? 'other'
  return code === undefined ? { reason } : { reason, code }
}
