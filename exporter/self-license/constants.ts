/** Timing is compiled in: what can be configured can be set to suit an attacker. Milliseconds. */
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const timing = {
  /** Clock and file are looked at, and the state is judged, this often. */
  sample: 15 * second,
  /** The license is verified anew. */
  check: hour,
  grace: day,
  /** Steps of the wall clock up to here are nobody's business: NTP, leap seconds, reading jitter. */
  tolerance: 5 * second,
  /** How fast an honest crystal may be wrong: 1.8 s an hour. */
  crystal: 500e-6,
  /** A forward step becomes the time that certainly passed after this much lived time. */
  adopt: day,
  /** A clock that was set back is fine again after standing on the lived-time line this long. */
  settle: hour,
  /** Steps back in the first lived hour without state may be a bad clock before NTP. */
  provisional: hour,
  /** A bad license counts after this long and this many reads: editors and torn writes. */
  debounce: 30 * second,
  debounceReads: 3,
  /** State is saved at each change and at least this often. */
  save: minute,
} as const

export const limits = { token: 8 * 1024, file: 16 * 1024 } as const
