type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Dashboard = { title: string; uid: string; revision?: number; links?: Json[] } & {
  [key: string]: Json | undefined
}

/** The way back from a dashboard into the app. */
const pages: Readonly<Record<string, [title: string, path: string]>> = {
  'iosetu-license-overview': ['Overview in the app', 'overview'],
  'iosetu-license-server': ['Servers in the app', 'servers'],
  'iosetu-license-feature': ['Servers in the app', 'servers'],
  'iosetu-license-renewals': ['Renewals in the app', 'renewals'],
  'iosetu-license-capacity': ['Renewals in the app', 'renewals'],
  'iosetu-license-own': ['IOSetu license in the app', 'license'],
  'iosetu-license-exporter': ['Setup in the app', 'setup'],
  'iosetu-license-events': ['Events in the app', 'events'],
}

/**
 * The app's copy of a dashboard. Grafana imports it anew only where `revision` differs: it is raised
 * by one whenever the content does.
 */
export function appDashboard(original: Dashboard, before: Dashboard | undefined): Dashboard {
  const text = JSON.stringify(original).replaceAll(
    /(?<=\/d\/)(iosetu-license-[a-z]+)(?=[?"/])/g,
    '$1-app'
  )
  const copy = JSON.parse(text) as Dashboard
  copy.uid = `${original.uid}-app`
  // A tag of their own, or links by tag would show each dashboard twice where both sets are there.
  const own = JSON.stringify(copy).replaceAll('["iosetu","license"]', '["iosetu","license-app"]')
  Object.assign(copy, JSON.parse(own))
  const page = pages[original.uid]
  if (page) copy.links = [...(copy.links ?? []), linkTo(...page)]
  const { revision = 0, ...content } = before ?? {}
  const { revision: _, ...wanted } = copy
  const same = JSON.stringify(content) === JSON.stringify(wanted)
  return {
    ...wanted,
    revision: same ? Math.max(1, revision as number) : (revision as number) + 1,
  } as Dashboard
}

const linkTo = (title: string, path: string): Json => ({
  type: 'link',
  title,
  url: `/a/iosetu-license-app/${path}`,
  icon: 'external link',
  tooltip: '',
  tags: [],
  asDropdown: false,
  // The app opens the page of the server or feature that is chosen.
  includeVars: true,
  keepTime: true,
  targetBlank: false,
})
