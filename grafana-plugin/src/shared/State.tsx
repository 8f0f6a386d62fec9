import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

export type Tone = 'good' | 'info' | 'warning' | 'critical' | 'unknown'

const marks: Readonly<Record<Tone, string>> = {
  good: '●',
  info: '◆',
  warning: '▲',
  critical: '■',
  unknown: '○',
}

/** Longer than that it may be broken into lines. */
const SHORT = 20

/** A word with a mark of its own shape: nothing is told by colour alone. */
export function State({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  const styles = useStyles2(getStyles)
  const short = typeof children === 'string' && children.length < SHORT
  return (
    <span className={short ? styles.short : undefined}>
      <span aria-hidden="true" className={styles[tone]}>
        {marks[tone]}
      </span>{' '}
      {children}
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  short: css({ whiteSpace: 'nowrap' }),
  good: css({ color: theme.colors.success.text }),
  info: css({ color: theme.colors.info.text }),
  warning: css({ color: theme.colors.warning.text }),
  critical: css({ color: theme.colors.error.text }),
  unknown: css({ color: theme.colors.text.secondary }),
})
