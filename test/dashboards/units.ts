/** Identifiers of Grafana's units that we use; Grafana prints an unknown one behind the number. */
export const units: readonly unknown[] = [
  'none',
  'short',
  'locale',
  'string',
  'percentunit',
  's',
  'd',
  'bytes',
  'dateTimeAsIso',
]
