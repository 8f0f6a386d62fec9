import React from 'react'
import { type SceneComponentProps, SceneObjectBase, type SceneObjectState } from '@grafana/scenes'
import { Checkouts } from './Checkouts.tsx'
import type { CheckoutFilter } from './loadCheckouts.ts'

interface CheckoutsState extends SceneObjectState {
  filter: CheckoutFilter
}

/** Who holds which seat now: from the exporter, never from Prometheus. */
class CheckoutsObject extends SceneObjectBase<CheckoutsState> {
  static Component = ({ model }: SceneComponentProps<CheckoutsObject>) => (
    <Checkouts filter={model.useState().filter} />
  )
}

export const checkoutsObject = (filter: CheckoutFilter) => new CheckoutsObject({ filter })
