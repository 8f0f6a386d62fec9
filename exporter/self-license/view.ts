import type { OwnLicense } from '../parts.ts'
import { second } from './constants.ts'
import type { Guard } from './guard.ts'
import type { Reason } from './refusals.ts'

/** The guard's state as health, pages and series show it: nothing from an unverified token. */
export function view(guard: Guard, trustsNobody: boolean): OwnLicense {
  const { state, problem, until, current } = guard
  const reason = why(guard, trustsNobody)
  const claims = state === 'unlicensed' ? undefined : current?.claims
  return {
    state,
    ...(problem !== undefined && { problem }),
    ...(reason !== undefined && { reason }),
    ...(claims && { customer: claims.customer, expiresAt: new Date(claims.expiresAt * second) }),
    ...(claims?.licenseId !== undefined && { licenseId: claims.licenseId }),
    ...(claims?.edition !== undefined && { edition: claims.edition }),
    ...(until !== undefined && { graceExpiresAt: new Date(until) }),
  }
}

function why({ state, problem, bad }: Guard, trustsNobody: boolean): Reason | undefined {
  if (state === 'valid') return undefined
  if (trustsNobody) return 'no_trusted_keys'
  if (problem === 'expired' || problem === 'clock') return problem
  return bad?.code
}
