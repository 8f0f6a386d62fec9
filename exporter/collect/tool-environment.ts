/** Variables of the exporter that tools need to be found or to connect; nothing secret. */
const inherited = [
  'FLEXLM_TIMEOUT',
  'RLM_CONNECT_TIMEOUT',
  'HFS',
  'SystemRoot',
  'SystemDrive',
  'TEMP',
] as const

/**
 * The whole environment of a tool. `LC_ALL=C`: texts are read in English. `TZ`: some tools print
 * the client's local time, so it is the zone that the text is read with. No home: lmutil would
 * write a .flexlmrc there.
 */
export function toolEnvironment(
  added: Readonly<Record<string, string>> = {},
  timeZone?: string,
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    LANG: 'C',
  }
  for (const name of inherited) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  if (timeZone !== undefined) environment.TZ = timeZone
  return { ...environment, ...added }
}
