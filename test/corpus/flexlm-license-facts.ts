// biome-ignore-all lint/suspicious/noExplicitAny: sidecars are data of many shapes.
import { decode } from '../../exporter/managers/decode.ts'
import { readLicenseFile } from '../../exporter/managers/flexlm/license-file.ts'
import { expiry } from '../../exporter/managers/time.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { Facts } from './sidecar.ts'

/** A license file: what it says line by line, and the capacity that the snapshot makes of it. */
export function licenseFacts(
  facts: Facts,
  name: string,
  expect: any,
  bytes: Uint8Array,
  snapshot: Snapshot,
): void {
  facts.keys(
    name,
    expect,
    ['servers', 'vendors', 'packages', 'use_server', 'features_total', 'features', 'errors'],
    ['format', 'provenance', 'source', 'notable'],
  )
  const file = readLicenseFile(decode(bytes))
  facts.equal(
    `${name}.servers`,
    file.servers.map(({ host, hostid, port }) => ({ host, hostid, port: port ?? null })),
    expect.servers,
  )
  facts.equal(
    `${name}.vendors`,
    file.daemons.map(({ name: daemon, port, path }) => ({
      name: daemon,
      ...(port !== undefined && { port }),
      ...(path !== undefined && { path }),
    })),
    expect.vendors,
  )
  if (expect.packages) {
    facts.equal(
      `${name}.packages`,
      file.packages.map(one => one.name),
      expect.packages,
    )
  }
  if (expect.use_server) facts.equal(`${name}.use_server`, file.useServer, true)
  facts.equal(`${name}.features_total`, file.lines.length, expect.features_total)
  for (const [i, one] of expect.features.entries()) {
    const path = `${name}.features.${i}.${one.name}`
    facts.keys(
      path,
      one,
      [
        'keyword',
        'name',
        'vendor',
        'version',
        'expires',
        'expires_iso',
        'issued',
        'uncounted',
        'hostid',
      ],
      [],
    )
    const line = file.lines[i]
    facts.equal(`${path}.keyword`, line?.keyword, one.keyword)
    facts.equal(`${path}.name`, line?.feature, one.name)
    facts.equal(`${path}.vendor`, line?.vendor, one.vendor)
    facts.equal(`${path}.version`, line?.version, one.version)
    facts.equal(`${path}.expires`, line?.expiry, one.expires)
    facts.equal(`${path}.issued`, line?.seats ?? null, one.issued)
    if (one.hostid) facts.equal(`${path}.hostid`, line?.hostid, one.hostid)
    if (one.expires_iso) {
      facts.equal(`${path}.expires_iso`, expiry(one.expires, 'UTC')?.text, one.expires_iso)
    }
    const pool = snapshot.pools.some(
      found =>
        found.feature === one.name && found.vendor === one.vendor && found.version === one.version,
    )
    facts.equal(`${path}.pool`, pool, true)
  }
}
