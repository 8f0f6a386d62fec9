/** Where a colour changes: the same numbers as in the alert rules, which a test compares. */
const day = 86_400

export const limits = {
  /** Days of the own license: LicenseExpiringSoon and the tiers beside it. */
  ownLicenseDays: { info: 30, warning: 7, critical: 1 },
  /** Seconds until grace ends: IOSetuLicenseGraceEndingSoon. */
  graceSeconds: 4 * 3600,
  /** Seconds since the own license was last checked: IOSetuLicenseCheckStale. */
  lastCheckSeconds: 8100,
  /** Seconds that the clock may jump between two checks. */
  clockDriftSeconds: 5,
  /** Seconds to the end of a line of capacity. */
  poolExpirySeconds: { info: 60 * day, warning: 30 * day, critical: 7 * day },
  /** Share of the seats. */
  utilisation: { warning: 0.9, critical: 1 },
  /** A seat that is held so long while the feature is full. */
  heldSeconds: 3 * day,
} as const
