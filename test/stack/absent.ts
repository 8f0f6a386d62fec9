export interface Absent {
  /** Beginning of the place, as the test prints it. */
  where: string
  why: string
  /** Incident of `npm run test:incidents` that reaches it. */
  incident: string
}

/** Expressions that return nothing in the demo, which is well: at most ten, none on Overview. */
export const absent: readonly Absent[] = [
  {
    where: 'exporter/44 Age of the oldest unsent event',
    why: 'no event waits',
    incident: 'collector down',
  },
  {
    where: 'selector license_exporter_spool_oldest_timestamp_seconds',
    why: 'no event waits',
    incident: 'collector down',
  },
  {
    where: 'selector iosetu_license_problem{reason="clock"}',
    why: 'nobody set the clock back',
    incident: 'clock set back',
  },
  {
    where: 'selector license_server_problem{reason="quorum"}',
    why: 'the triad of the demo is whole',
    incident: 'quorum lost',
  },
]
