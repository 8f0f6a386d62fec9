import { expect, test } from 'vitest'
import { expiry } from '../../exporter/managers/time.ts'

test.each([
  ['1-jan-99', '1999-01-01'],
  ['31-dec-80', '1980-12-31'],
  ['31-dec-79', '2079-12-31'],
  ['30-jun-27', '2027-06-30'],
  ['1-jan-00', 'permanent'],
  ['1-jan-2099', 'permanent'],
])('an expiry written as %s is %s', (written, text) => {
  expect(expiry(written, 'UTC')?.text).toBe(text)
})
