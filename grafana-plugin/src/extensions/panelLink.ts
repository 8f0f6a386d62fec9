import type { PluginExtensionPanelContext } from '@grafana/data'
import { chosen, keep, pageOf, paths } from '../shared/links.ts'

/** The page of the one server or feature that a panel shows; no link on panels of something else. */
export function panelLink(
  context: PluginExtensionPanelContext | undefined,
  search: string
): { path: string } | undefined {
  const expressions = (context?.targets ?? []).map(target =>
    String((target as { expr?: unknown }).expr ?? '')
  )
  if (!expressions.some(expr => /\b(license|iosetu_license)_[a-z]/.test(expr))) return undefined
  const kept = keep(search)
  if (expressions.every(expr => expr === '' || expr.includes('iosetu_license_'))) {
    return { path: paths.license + kept }
  }
  const one = (label: string) => onlyOne(context, label) ?? chosen(search, label)
  const page = pageOf({ server: one('server'), vendor: one('vendor'), feature: one('feature') })
  return { path: (page ?? paths.overview) + kept }
}

/** The value of a label where all series of the panel have the same one. */
function onlyOne(
  context: PluginExtensionPanelContext | undefined,
  label: string
): string | undefined {
  const values = new Set<string>()
  for (const frame of context?.data?.series ?? []) {
    for (const field of frame.fields) {
      const value = field.labels?.[label]
      if (value !== undefined) values.add(value)
    }
  }
  return values.size === 1 ? [...values][0] : undefined
}
