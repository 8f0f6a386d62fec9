import CopyWebpackPlugin from 'copy-webpack-plugin'
import type { Configuration } from 'webpack'
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts'

/** The configuration of create-plugin, and the rule files as they are. */
export default async function config(env: Env): Promise<Configuration> {
  const base = await grafanaConfig(env)
  base.plugins!.push(new CopyWebpackPlugin({ patterns: [{ from: 'rules/*.yml', to: '.' }] }))
  return base
}
