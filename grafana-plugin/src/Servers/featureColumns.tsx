import React from 'react'
import { keep, paths } from '../shared/links.ts'
import type { TableColumn } from '../shared/PagedTable.tsx'
import { State } from '../shared/State.tsx'
import { duration, number, percent } from '../shared/words.ts'
import type { FeatureRow } from './serverRows.ts'

export const featureColumns: ReadonlyArray<TableColumn<FeatureRow>> = [
  {
    id: 'feature',
    title: 'Feature',
    value: row => row.feature,
    cell: row => (
      <a href={paths.feature(row) + keep()}>
        <bdi>{row.feature}</bdi>
      </a>
    ),
  },
  {
    id: 'product',
    title: 'Product',
    value: row => (row.product === row.feature ? undefined : row.product),
  },
  { id: 'vendor', title: 'Vendor', value: row => row.vendor },
  {
    id: 'seats',
    title: 'Seats used',
    numeric: true,
    value: row => row.used,
    cell: row =>
      `${row.used === undefined ? '?' : number(row.used)} of ${row.counted ? (row.issued === undefined ? '?' : number(row.issued)) : 'uncounted'}`,
  },
  {
    id: 'share',
    title: 'Use',
    numeric: true,
    value: row => row.share,
    cell: row =>
      row.full ? (
        <State tone="warning">full</State>
      ) : row.share === undefined ? (
        '–'
      ) : (
        percent(row.share)
      ),
  },
  { id: 'queued', title: 'Waiting', numeric: true, value: row => row.queued },
  { id: 'users', title: 'Users', numeric: true, value: row => row.users },
  {
    id: 'oldest',
    title: 'Oldest checkout',
    numeric: true,
    value: row => row.oldest,
    cell: row => (row.oldest === undefined ? '–' : duration(row.oldest)),
  },
]
