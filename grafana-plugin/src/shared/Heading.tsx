import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

/** Begins a part of a page, apart from what stands above it: Grafana's own h2 has no room there. */
export function Heading({ children }: { children: React.ReactNode }) {
  return <h2 className={useStyles2(getStyles)}>{children}</h2>
}

const getStyles = (theme: GrafanaTheme2) => css({ marginTop: theme.spacing(4) })
