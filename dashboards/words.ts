import { limits } from './limits.ts'
import type { Threshold, ValueMapping } from './schema.ts'

/** Words and colours: the word says it, the colour only helps. */

export function words(
  of: Readonly<Record<string, readonly [text: string, color: string]>>,
): ValueMapping[] {
  const options = Object.entries(of).map(([value, [text, color]], index) => [
    value,
    { text, color, index },
  ])
  return [{ type: 'value', options: Object.fromEntries(options) }]
}

export const upDown = words({ '0': ['Down', 'red'], '1': ['Up', 'green'] })
export const readOrNot = words({ '0': ['Not read', 'orange'], '1': ['Read', 'green'] })
export const enough = words({ '0': ['Quorum lost', 'red'], '1': ['Quorum', 'green'] })
export const goodBad = words({ '0': ['Refused', 'red'], '1': ['Taken', 'green'] })
/** Values of `1 * valid + 2 * grace + …`: one number for each state of the own license. */
export const ownStates = words({
  '1': ['Valid', 'green'],
  '2': ['Grace', 'orange'],
  '3': ['Over', 'red'],
  '4': ['Unlicensed', 'dark-red'],
})

/** Steps from a colour for the smallest values upward. */
export function steps(base: string, ...above: readonly [from: number, color: string][]) {
  const all: Threshold[] = [{ color: base, value: null }]
  for (const [value, color] of above) all.push({ color, value })
  return all
}

export const anyIsBad = steps('green', [1, 'red'])
export const anyIsDubious = steps('green', [1, 'orange'])
export const neutral = steps('text')

const { ownLicenseDays, graceSeconds, poolExpirySeconds, utilisation, clockDriftSeconds } = limits

/** Nothing known has the colour of the first step; whatever is below 0 comes after this one. */
const known = -1e10
export const graceLeft = steps('text', [known, 'red'], [graceSeconds, 'orange'])
export const ownDays = steps(
  'text',
  [known, 'red'],
  [ownLicenseDays.critical, 'orange'],
  [ownLicenseDays.warning, 'yellow'],
  [ownLicenseDays.info, 'green'],
)
export const poolLeft = steps(
  'text',
  [known, 'red'],
  [poolExpirySeconds.critical, 'orange'],
  [poolExpirySeconds.warning, 'yellow'],
  [poolExpirySeconds.info, 'green'],
)
export const shareUsed = steps(
  'green',
  [utilisation.warning, 'orange'],
  [utilisation.critical, 'red'],
)
export const drift = steps('red', [-clockDriftSeconds, 'green'], [clockDriftSeconds, 'red'])
