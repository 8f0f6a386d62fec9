import React, { useMemo } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { State } from '../shared/State.tsx'
import { count } from '../shared/words.ts'
import { months, type PoolRow } from './poolRows.ts'

/** Twelve months, and how many lines and seats end in each. */
export function Calendar({ rows }: { rows: readonly PoolRow[] }) {
  const styles = useStyles2(getStyles)
  const list = useMemo(() => months(rows, new Date()), [rows])
  if (rows.length === 0) return null
  return (
    <ol aria-label="Calendar of renewals" className={styles.months}>
      {list.map(month => (
        <li key={month.month} className={styles.month}>
          <div className={styles.name}>{month.month}</div>
          {month.lines === 0 ? (
            <span className={styles.none}>nothing ends</span>
          ) : (
            <State tone={month.tone}>
              {count(month.lines, 'line')}
              {month.seats > 0 && `, ${count(month.seats, 'seat')}`}
            </State>
          )}
        </li>
      ))}
    </ol>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  months: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(190px, 46%), 1fr))',
    gap: theme.spacing(1),
    listStyle: 'none',
    padding: 0,
    marginBottom: theme.spacing(3),
  }),
  month: css({
    padding: theme.spacing(1),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  none: css({ color: theme.colors.text.secondary }),
})
