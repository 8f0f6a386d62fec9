import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

interface FactsProps {
  label: string
  facts: ReadonlyArray<[name: string, value: React.ReactNode]>
}

/** Names and values; what is unknown is left out. */
export function Facts({ label, facts }: FactsProps) {
  const styles = useStyles2(getStyles)
  return (
    <dl aria-label={label} className={styles.list}>
      {facts
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt className={styles.name}>
              <bdi>{name}</bdi>
            </dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
  }),
  fact: css({
    padding: theme.spacing(1),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    minWidth: 0,
    overflowWrap: 'anywhere',
  }),
  name: css({ color: theme.colors.text.secondary, fontWeight: 'normal' }),
  value: css({
    margin: 0,
    fontWeight: theme.typography.fontWeightMedium,
  }),
})
