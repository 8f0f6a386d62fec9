import type * as grafana from '@grafana/schema'

/** Grafana's types with the plain words instead of its enums: the dashboards are data, not code. */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T

export type Dashboard = Plain<grafana.Dashboard>
export type Panel = Plain<grafana.Panel>
export type RowPanel = Plain<grafana.RowPanel>
export type Variable = Plain<grafana.VariableModel>
export type FieldConfig = Plain<grafana.FieldConfig>
export type ValueMapping = NonNullable<FieldConfig['mappings']>[number]
export type Threshold = Plain<grafana.Threshold>
export type Transformation = Plain<grafana.DataTransformerConfig>

export interface Override {
  matcher: { id: 'byName' | 'byFrameRefID' | 'byRegexp'; options: string }
  properties: { id: string; value: unknown }[]
}

/** Data link of a field. */
export interface Link {
  title: string
  url: string
}
