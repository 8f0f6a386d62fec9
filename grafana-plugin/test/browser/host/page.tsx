import * as React from 'react'

interface HostPageProps {
  pageNav?: Crumb
  subTitle?: React.ReactNode
  actions?: React.ReactNode
  children?: React.ReactNode
  renderTitle?: (title: string) => React.ReactNode
}

interface Crumb {
  text: string
  url?: string
  subTitle?: React.ReactNode
  parentItem?: Crumb
}

/** Where Grafana draws the frame of a plugin's page: breadcrumbs, title, what the page brings. */
export function HostPage({ pageNav, subTitle, actions, children, renderTitle }: HostPageProps) {
  const crumbs: Crumb[] = []
  for (let one = pageNav; one; one = one.parentItem) crumbs.unshift(one)
  const title = pageNav?.text ?? ''
  return (
    <main style={{ padding: 16 }}>
      <nav aria-label="Breadcrumbs">
        {crumbs.map(one => (
          <a key={one.text} href={one.url} style={{ marginRight: 8 }}>
            {one.text}
          </a>
        ))}
      </nav>
      {renderTitle ? renderTitle(title) : <h1>{title}</h1>}
      <p>{subTitle ?? pageNav?.subTitle}</p>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>{actions}</div>
      {children}
    </main>
  )
}
