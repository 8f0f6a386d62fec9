import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { fetchInput, type GetRequest } from '../../exporter/collect/fetch-input.ts'

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const one of cleanUp.splice(0)) one()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function get(url: string, form?: GetRequest['form'], timeoutSeconds = 5) {
  return fetchInput({ get: url, text: 'auto', ...(form && { form }) }, { timeoutSeconds })
}

test('an answer with 200 is the text', async () => {
  const url = await serve((_, response) => response.end('lmstat - Copyright'))
  const output = await get(`${url}/status`)
  expect(output.stdout.toString()).toBe('lmstat - Copyright')
  expect(output).toMatchObject({ text: 'auto', exitCode: undefined })
})

test('a form is posted', async () => {
  const url = await serve((request, response) => {
    request.pipe(response.setHeader('x-method', request.method ?? ''))
  })
  expect((await get(url, { isv: 'acme inc', pool: '1' })).stdout.toString()).toBe(
    'isv=acme+inc&pool=1',
  )
})

test.each([204, 301, 404, 500, 503])('%i is no answer', async status => {
  const url = await serve((_, response) => response.writeHead(status).end())
  await expect(get(url)).rejects.toMatchObject({ code: 'fetch', facts: { status } })
})

test('a redirect on the same host is followed, to another host it is not', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/there') response.end('here')
    else if (request.url === '/away')
      response.writeHead(302, { location: 'http://localhost/x' }).end()
    else if (request.url === '/file')
      response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
    else response.writeHead(302, { location: '/there' }).end()
  })
  expect((await get(url)).stdout.toString()).toBe('here')
  await expect(get(`${url}/away`)).rejects.toMatchObject({ code: 'fetch' })
  await expect(get(`${url}/file`)).rejects.toMatchObject({ code: 'fetch' })
  await expect(get(`${url}/loop`)).rejects.toThrow(/redirects more than 5 times/)
})

test('an answer that hangs, is cut or refused is none', async () => {
  const hanging = await serve((_, response) => response.write('lm'))
  await expect(get(hanging, undefined, 0.2)).rejects.toThrow(/no whole answer in time/)
  const cut = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('lm', () => response.destroy())
  })
  await expect(get(cut)).rejects.toMatchObject({ code: 'fetch' })
  await expect(get('http://127.0.0.1:1/')).rejects.toThrow(/ECONNREFUSED/)
})

test('an endless answer is ended at 16 MiB', async () => {
  const url = await serve((_, response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536))) {}
    }
    response.on('drain', more)
    more()
  })
  await expect(get(url)).rejects.toMatchObject({ code: 'output_limit' })
})

test('user, password and query are in no message', async () => {
  const url = await serve((_, response) => response.writeHead(403).end())
  const secret = `${url.replace('//', '//me:hunter2@')}/status?token=s3cret`
  const error = await get(secret).catch(one => one)
  expect(`${error.message} ${JSON.stringify(error.facts)}`).not.toMatch(/hunter2|s3cret/)
})

test.each(['file:///etc/passwd', 'ftp://x/', 'data:,x', 'nonsense'])(
  '%s is not read',
  async url => {
    await expect(get(url)).rejects.toMatchObject({ code: 'fetch' })
  },
)
