/** Every refusal of the API: RFC 9457, with a code that programs match on. */
export const problems = {
  bad_request: [400, 'The request cannot be understood.'],
  bad_path: [400, 'Dot segments and encoded slashes are not accepted in a path.'],
  bad_query: [400, 'The query is not valid.'],
  missing_key: [401, 'Send an API key: Authorization: Bearer, X-API-Key, or Basic.'],
  malformed_key: [401, 'The API key is empty or not well formed.'],
  unknown_key: [401, 'This API key is not known.'],
  two_keys: [401, 'Send one API key, not two.'],
  key_in_query: [401, 'A key in the query ends in logs: send it in a header, and replace it.'],
  missing_scope: [403, 'This API key does not have the scope for it.'],
  names_hidden: [
    403,
    'Names of people need a key with the scope users, and [privacy] live = "plain".',
  ],
  not_found: [404, 'There is nothing here.'],
  unknown_cursor: [404, 'No page begins at this cursor: begin again without it.'],
  no_such_server: [404, 'No server of this name is configured.'],
  method_not_allowed: [405, 'Only GET, HEAD and OPTIONS are answered.'],
  not_acceptable: [406, 'None of the accepted media types can be made here.'],
  timeout: [408, 'The request came too slowly.'],
  body_refused: [413, 'No request body is accepted.'],
  uri_too_long: [414, 'The request target is longer than 6 KiB.'],
  expectation_failed: [417, 'This expectation cannot be met.'],
  wrong_host: [421, 'This Host is not served here: add it to [api] allowed_hosts.'],
  rate_limited: [429, 'Too many requests: wait as Retry-After says.'],
  headers_too_large: [431, 'The request headers are larger than 8 KiB.'],
  internal: [500, 'It failed here; the log has a line with this correlation_id.'],
  too_many_streams: [503, 'Too many clients hold the event stream open.'],
} as const satisfies Record<string, readonly [status: number, detail: string]>

export type ProblemCode = keyof typeof problems

export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  correlation_id: string
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export function problem(code: ProblemCode, id: string, more?: string): ProblemBody {
  const [status, detail] = problems[code]
  return {
    type: 'about:blank',
    title: titles[status]!,
    status,
    detail: more === undefined ? detail : `${detail} ${more}`,
    code,
    correlation_id: id,
  }
}

/** A route gives up with it; the server answers it as problem+json. */
export class RouteProblem extends Error {
  override readonly name = 'RouteProblem'
  readonly code: ProblemCode
  readonly more: string | undefined

  constructor(code: ProblemCode, more?: string) {
    super(code)
    this.code = code
    this.more = more
  }
}
