import { chosen, DASHBOARD_SOURCE, keep, pageOf, paths } from '../shared/links.ts'

/**
 * Where somebody wants to be who comes from a dashboard: its link to *Servers* carries what was chosen
 * there, and one server, or one feature of it, has a page of its own. Undefined for all others.
 */
export function arrival(pathname: string, search: string): string | undefined {
  if (!new URLSearchParams(search).has(DASHBOARD_SOURCE)) return undefined
  const one = (label: string) => chosen(search, label)
  const names = { server: one('server'), vendor: one('vendor'), feature: one('feature') }
  const page = pathname === paths.servers ? pageOf(names) : undefined
  return (page ?? pathname) + keep(search)
}
