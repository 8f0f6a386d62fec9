import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

/** Of a part of a page, with room above it whatever stands there. */
export function Heading({ children }: { children: React.ReactNode }) {
  const styles = useStyles2(getStyles)
  return <h2 className={styles.heading}>{children}</h2>
}

const getStyles = (theme: GrafanaTheme2) => ({
  heading: css({ margin: theme.spacing(3, 0, 1) }),
})
