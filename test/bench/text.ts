/** An invented `lmutil lmstat -a` answer: so many features, so many checkouts, about 100 bytes each. */
export function lmstat(features: number, checkouts: number, vendor = 'cadlmd'): Buffer {
  const parts = [
    'lmutil - Copyright (c) 1989-2023 Flexera. All Rights Reserved.\nFlexible License Manager status on Mon 3/2/2026 12:00\n\nLicense server status: 27000@lic1\n\nlic1: license server UP (MASTER) v11.19.5\n\nVendor daemon status (on lic1):\n\n',
    `  ${vendor}: UP v11.19.5\nFeature usage info:\n\n`,
  ]
  for (let i = 0, done = 0; i < features; i++) {
    const until = Math.round(((i + 1) * checkouts) / features)
    const lines: string[] = []
    let used = 0
    for (; done < until; done++) {
      const user = `user${String((done * 31) % 800).padStart(4, '0')}`
      const host = `node${String((done * 17) % 2000).padStart(4, '0')}.cluster.example`
      const at = `Mon 3/2 ${done % 12}:${String((done * 13) % 60).padStart(2, '0')}`
      const seats = done % 5 === 0 ? 2 + (done % 9) : 1
      used += seats
      const tail = seats === 1 ? '' : `, ${seats} licenses`
      lines.push(
        `    ${user} ${host} /dev/tty (v2025.1) (lic1/27000 ${done}), start ${at}${tail}\n`,
      )
    }
    parts.push(
      `Users of feat_${i}:  (Total of ${used + 50} licenses issued;  Total of ${used} licenses in use)\n\n  "feat_${i}" v2026.0630, vendor: ${vendor}, expiry: 30-jun-2026\n  floating license\n\n`,
      ...lines,
      '\n',
    )
  }
  return Buffer.from(parts.join(''))
}
