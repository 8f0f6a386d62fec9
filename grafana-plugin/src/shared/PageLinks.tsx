import React from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { LinkButton, useStyles2 } from '@grafana/ui'

interface PageLinksProps {
  text?: string
  links: ReadonlyArray<{ text: string; href: string }>
}

/** A line that sums the page up, and ways on. */
export function PageLinks({ text, links }: PageLinksProps) {
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.bar}>
      <span role="status">{text}</span>
      <nav aria-label="Related pages" className={styles.links}>
        {links.map(link => (
          <LinkButton key={link.href} href={link.href} variant="secondary" size="sm">
            {link.text}
          </LinkButton>
        ))}
      </nav>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    justifyContent: 'space-between',
    alignItems: 'center',
    margin: theme.spacing(2, 0),
  }),
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
})
