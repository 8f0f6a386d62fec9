import type { DataFrame, Field } from '@grafana/data'

/** One sample: what it is of, and how much. */
export interface Row {
  labels: Record<string, string>
  value: number
}

/**
 * Samples of instant queries by refId. Tables carry labels as fields, time series carry them on the
 * value field; which of the two comes is up to the data source.
 */
export function rowsByRef(frames: readonly DataFrame[]): Map<string, Row[]> {
  const byRef = new Map<string, Row[]>()
  for (const frame of frames) {
    const ref = frame.refId ?? ''
    const rows = byRef.get(ref) ?? []
    append(rows, frame)
    byRef.set(ref, rows)
  }
  return byRef
}

function append(rows: Row[], frame: DataFrame): void {
  const values = frame.fields.filter(field => field.type === 'number')
  const texts = frame.fields.filter(field => field.type === 'string')
  for (const field of values) {
    for (let index = 0; index < frame.length; index++) {
      const value = Number(at(field, index))
      if (Number.isNaN(value)) continue
      const labels: Record<string, string> = { ...field.labels }
      for (const text of texts) {
        const label = at(text, index)
        if (label !== undefined && label !== null && label !== '') labels[text.name] = String(label)
      }
      rows.push({ labels, value })
    }
  }
}

const at = (field: Field, index: number): unknown => field.values[index]

const separator = '\u0000'

export function keyOf(labels: Record<string, string>, names: readonly string[]): string {
  return names.map(name => labels[name] ?? '').join(separator)
}

/** Values by the labels that identify them. */
export function valuesBy(rows: readonly Row[] = [], names: readonly string[]): Map<string, number> {
  return new Map(rows.map(row => [keyOf(row.labels, names), row.value]))
}

export const SERVER = ['server', 'manager'] as const
export const DAEMON = [...SERVER, 'vendor'] as const
export const FEATURE = [...DAEMON, 'feature'] as const
export const POOL = [...FEATURE, 'pool'] as const
