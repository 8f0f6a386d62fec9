import type { EventDraft } from '../catalogue.ts'
import { localTime } from '../local-time.ts'
import type { ClockStep } from './clock.ts'
import { day, second, timing } from './constants.ts'
import { sentence } from './refusals.ts'
import { thresholdEvent } from './thresholds.ts'
import type { RefusalCode, SignedLicense } from './types.ts'

/** What is announced, in the documented words. Pure. */

export function stepEvent({ direction, seconds }: ClockStep): EventDraft {
  if (direction === 'forward') {
    return {
      event: 'license.time_drift_detected',
      msg: 'Clock drift detected',
      attributes: { drift_seconds: Math.round(seconds * 10) / 10 },
    }
  }
  return {
    event: 'license.time_manipulation_detected',
    msg: 'CRITICAL: Backward time jump detected - possible clock manipulation',
    attributes: {
      type: 'backward_jump',
      wall_clock_jump_seconds: Math.round(seconds),
      message: 'System clock was set backward - this may indicate license bypass attempt',
    },
  }
}

export function expiringEvent(license: SignedLicense, level: number, left: number): EventDraft[] {
  const event = thresholdEvent(level)
  if (!event) return []
  const days = left / day
  return [
    {
      event,
      msg: 'License expiring',
      attributes: {
        // Whole days as documented; on the last day that would say nothing.
        days_remaining: days < 1 ? Math.floor(days * 100) / 100 : Math.floor(days),
        ...validity(license),
      },
    },
  ]
}

export function reloadedEvent(license: SignedLicense): EventDraft {
  return { event: 'license.reloaded', msg: 'License reloaded', attributes: validity(license) }
}

function validity({ claims }: SignedLicense): { expires_at: string; customer: string } {
  return {
    expires_at: localTime(new Date(claims.expiresAt * second)),
    customer: claims.customer,
  }
}

export function refusalEvent(code: RefusalCode): EventDraft {
  return code === 'missing'
    ? { event: 'license.missing', msg: sentence(code), attributes: {} }
    : {
        event: 'license.verification_failed',
        msg: sentence(code),
        attributes: { reason: code },
      }
}

export function graceEntered(problem: string): EventDraft {
  const expired = problem === 'expired'
  return {
    event: 'license.grace_mode_entered',
    msg: expired
      ? 'License expired - grace period started'
      : 'License is not good - grace period started',
    attributes: { grace_period_seconds: timing.grace / second, reason: problem },
  }
}

export const graceExited: EventDraft = {
  event: 'license.grace_mode_exited',
  msg: 'License is good - grace period left',
  attributes: {},
}

export const graceEnded: EventDraft = {
  event: 'license.grace_period_ended',
  msg: 'Grace period is over - new requests are refused',
  attributes: {},
}
