import React from 'react'
import { LoadingState } from '@grafana/data'
import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  SceneQueryRunner,
  type VizPanel,
} from '@grafana/scenes'
import * as q from '../queries.ts'
import { rowsByRef } from './frames.ts'
import { lines } from './layout.ts'
import { instant } from './QueryView.tsx'
import { Loading } from './states.tsx'

interface FullestState extends SceneObjectState {
  title: string
  legend: string
  $data: SceneQueryRunner
  graph: VizPanel | undefined
}

/**
 * Use over time of the features that are the fullest now. Which those are is asked first: at each step
 * of the time range among 20,000 features it would take minutes.
 */
class Fullest extends SceneObjectBase<FullestState> {
  static Component = ({ model }: SceneComponentProps<Fullest>) => {
    const { graph } = model.useState()
    return graph ? <graph.Component model={graph} /> : <Loading what="the fullest features" />
  }

  #drawn = ''

  constructor(state: FullestState) {
    super(state)
    this.addActivationHandler(() => {
      const told = this.state.$data.subscribeToState(({ data }) => {
        if (data?.state === LoadingState.Loading || data === undefined) return
        this.#draw(
          rowsByRef(data.series)
            .get('fullest')
            ?.map(row => row.labels) ?? []
        )
      })
      return () => told.unsubscribe()
    })
  }

  #draw(names: ReadonlyArray<Record<string, string>>): void {
    const of = (label: string) => names.map(one => one[label] ?? '').sort()
    const expr = q.fullest({ server: of('server'), vendor: of('vendor'), feature: of('feature') })
    if (this.#drawn === expr) return
    this.#drawn = expr
    const { title, legend } = this.state
    const description = 'Seats used of seats issued. Uncounted features are left out.'
    this.setState({ graph: lines(title, description, 'percentunit', [{ expr, legend }]) })
  }
}

export const fullest = (title: string, subject: q.Subject, legend: string) =>
  new Fullest({
    title,
    legend,
    graph: undefined,
    $data: instant({ fullest: q.fullest(subject) }),
  })
