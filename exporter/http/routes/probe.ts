import { samplesOf } from '../../metrics/samples.ts'
import { sendSamples } from '../answer.ts'
import { RouteProblem } from '../problem.ts'
import { route } from '../route.ts'
import { probeQuery } from '../views/query.ts'
import { prometheusTypes } from './metrics.ts'

/** As long as the longest timeout of a server, and a little. */
const probeSeconds = 320

export const probe = route({
  path: '/probe',
  summary: 'Reads one configured license server now and gives its series.',
  scope: 'metrics',
  bucket: 'metrics',
  query: probeQuery,
  produces: prometheusTypes,
  problems: ['no_such_server', 'internal'],
  deadline: probeSeconds,
  async handle(c, { server: name }) {
    const { deps, incoming } = c.env
    // The socket is silent while the server is read.
    incoming.socket.setTimeout(probeSeconds * 1000)
    const reading = await deps.poller.readNow(name)
    const server = reading && deps.state().servers.get(name)
    if (!server) throw new RouteProblem('no_such_server')
    const now = deps.now?.() ?? new Date()
    return sendSamples(c, samplesOf(server, deps.samples(), now))
  },
})
