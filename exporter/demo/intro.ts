/** What the demo prints when it is up: where it is, what to look at, how to leave it behind. */
export function intro(url: string, key: string): string {
  return `
The demo runs at ${url} with invented license servers. Look at

  ${url}/                     a page for people
  ${url}/metrics              what Prometheus reads
  license-exporter status --url ${url}    (from a checkout: npm start -- status --url ${url})

  Worth a look: "cad" is a triad whose drafty_render is short of seats and whose renewal lies in its
  license file unread; "simulation" has two vendor daemons and a queue; "routing" is down; the tool of
  "legacy" is not installed.

  Who holds which seat needs a key. This one lives as long as the demo:
  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/checkouts?server=cad'

For your own servers write license-exporter.toml, ten lines will do:

  [[server]]
  name = "cad"
  manager = "flexlm"                  # or rlm, sesinetd
  address = "27000@license-server"
  tool = "/opt/flexlm/lmutil"

and start it with: npm start -- --config license-exporter.toml
`
}
