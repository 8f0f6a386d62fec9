import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

/** Grafana reads this file leniently and says nothing of a wrong key: a strict schema does. */
const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const duration = z.string().regex(/^\d+[smhd]$/)
const times = {
  group_by: z.array(z.string()).optional(),
  group_wait: duration.optional(),
  group_interval: duration.optional(),
  repeat_interval: duration.optional(),
}
const matcher = z.tuple([z.string(), z.enum(['=', '!=', '=~', '!~']), z.string()])
const interval = z.strictObject({
  weekdays: z.array(z.string()),
  times: z.array(z.strictObject({ start_time: z.string(), end_time: z.string() })),
})
const route = z.strictObject({
  ...times,
  receiver: z.string(),
  object_matchers: z.array(matcher),
  active_time_intervals: z.array(z.string()).optional(),
})
const schema = z.strictObject({
  apiVersion: z.literal(1),
  contactPoints: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      receivers: z.tuple([
        z.strictObject({
          uid: z.string().regex(/^[a-z-]{1,40}$/),
          type: z.literal('webhook'),
          settings: z.strictObject({ url: z.string().regex(/^\$[A-Z_]+$/) }),
          disableResolveMessage: z.literal(false),
        }),
      ]),
    }),
  ),
  muteTimes: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      time_intervals: z.array(interval),
    }),
  ),
  policies: z.tuple([
    z.strictObject({ ...times, orgId: z.literal(1), receiver: z.string(), routes: z.array(route) }),
  ]),
})

const text = readFileSync(at('provisioning/grafana/examples/notifications.yaml'), 'utf8')
const example = schema.parse(parse(text))
const [policy] = example.policies

/** A route of Alertmanager with its matchers as Grafana writes them. */
interface Route {
  matchers?: string[]
  routes?: Route[]
}

function asGrafana({ matchers, ...rest }: Route): object {
  const written = matchers?.map(one => /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(one)?.slice(1))
  return { ...rest, ...(written && { object_matchers: written }) }
}

test('who hears of Grafana-managed alerts hears of those of Alertmanager', () => {
  const { route, time_intervals } = parse(readFileSync(at('alerts/alertmanager.yml'), 'utf8')) as {
    route: Route
    time_intervals: object[]
  }
  const { orgId: _, ...rest } = policy
  expect(rest).toEqual({ ...route, routes: route.routes?.map(asGrafana) })
  expect(example.muteTimes.map(({ orgId: _, ...one }) => one)).toEqual(time_intervals)
})

test('every receiver that a route names is there, and no other', () => {
  const named = [policy.receiver, ...policy.routes.map(({ receiver }) => receiver)]
  expect(example.contactPoints.map(({ name }) => name).sort()).toEqual(named.sort())
})

test('Grafana does not read the example where it lies', () => {
  const read = ['alerting', 'dashboards', 'datasources', 'plugins']
  const paths = read.map(folder => at(`provisioning/grafana/${folder}/`).href)
  const lies = at('provisioning/grafana/examples/notifications.yaml').href
  expect(paths.filter(path => lies.startsWith(path))).toEqual([])
  const compose = readFileSync(at('provisioning/compose/compose.yaml'), 'utf8')
  expect(compose).not.toMatch(/grafana\/?:\/etc\/grafana\/provisioning/)
})
