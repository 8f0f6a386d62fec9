import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, LinkButton, Spinner, useStyles2 } from '@grafana/ui'

export function Loading({ what }: { what: string }) {
  const styles = useStyles2(getStyles)
  return (
    <div role="status" className={styles.state}>
      <Spinner inline /> Loading {what} …
    </div>
  )
}

export interface ProblemProps {
  sentence: string
  wayOn: string
  severity?: 'error' | 'warning' | 'info' | 'success'
  href?: string
  linkText?: string
}

/** What is wrong in a sentence, and what to do. */
export function Problem({ sentence, wayOn, severity = 'error', href, linkText }: ProblemProps) {
  return (
    <Alert title={sentence} severity={severity} topSpacing={2}>
      <p>{wayOn}</p>
      {href && (
        <LinkButton href={href} variant="secondary" size="sm">
          {linkText}
        </LinkButton>
      )}
    </Alert>
  )
}

export interface EmptyProps {
  title: string
  children?: React.ReactNode
  href?: string
  linkText?: string
}

/** Nothing is there, and that is said. */
export function Empty({ title, children, href, linkText }: EmptyProps) {
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.empty} data-testid="empty">
      <p className={styles.title}>{title}</p>
      {children && <div>{children}</div>}
      {href && (
        <LinkButton href={href} variant="secondary">
          {linkText}
        </LinkButton>
      )}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  state: css({ padding: theme.spacing(2), color: theme.colors.text.secondary }),
  empty: css({
    marginTop: theme.spacing(2),
    padding: theme.spacing(3),
    border: `1px dashed ${theme.colors.border.strong}`,
    borderRadius: theme.shape.radius.default,
    textAlign: 'center',
    color: theme.colors.text.secondary,
  }),
  title: css({ color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium }),
})
