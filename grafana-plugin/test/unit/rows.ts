import type { Row } from '../../src/shared/frames.ts'

/** Rows by name; a name that is not given has none. */
export const rowsOf = (all: Record<string, Row[]>) => (name: string) => all[name] ?? []

export const row = (value: number, labels: Record<string, string> = {}): Row => ({ value, labels })

export const cad = { server: 'cad', manager: 'flexlm' }
export const pro = { ...cad, vendor: 'drafty', feature: 'drafty_pro' }
