import { metricName } from '../exporter/catalogue.ts'
import { sources } from './panel.ts'
import { labelValues } from './query.ts'
import type { Variable } from './schema.ts'

/** Every variable that a dashboard can have, in the order in which they depend on each other. */
export type VariableName =
  | 'prometheus_datasource'
  | 'loki_datasource'
  | 'job'
  | 'instance'
  | 'server'
  | 'vendor'
  | 'feature'
  | 'service'
  | 'utc_offset'
  | 'headroom'

const build = metricName('license_exporter_build_info')
const own = metricName('iosetu_license_state')
const feature = metricName('license_feature_info')

/** @param ownLicense the series come from a job that may read `/health` alone */
export function variables(ownLicense: boolean): Record<VariableName, Variable> {
  const told = ownLicense ? own : build
  return {
    prometheus_datasource: datasource(
      'prometheus_datasource',
      'Prometheus data source',
      'prometheus',
    ),
    loki_datasource: datasource('loki_datasource', 'Loki data source', 'loki'),
    // No allValue: `up` of other jobs must not count where all are chosen.
    job: query('job', 'Job', labelValues(told, 'job')),
    instance: { ...query('instance', 'Instance', labelValues(told, 'instance')), allValue: '.+' },
    server: {
      ...query(
        'server',
        'License server',
        labelValues('license_exporter_collect_success', 'server'),
      ),
      allValue: '.+',
    },
    vendor: { ...query('vendor', 'Vendor', labelValues(feature, 'vendor')), allValue: '.+' },
    feature: { ...query('feature', 'Feature', labelValues(feature, 'feature')), allValue: '.+' },
    service: {
      name: 'service',
      label: 'Service',
      description: 'service_name of the exporters in Loki, as a regular expression.',
      type: 'textbox',
      query: 'iosetu-license-exporter',
      current: { text: 'iosetu-license-exporter', value: 'iosetu-license-exporter' },
    },
    utc_offset: choice(
      'utc_offset',
      'Hours from UTC',
      'Moves the clock of the tables by hour and weekday.',
      Array.from({ length: 27 }, (_, index) => String(index - 12)),
      '0',
    ),
    headroom: choice(
      'headroom',
      'Headroom %',
      'Added to the seats that served 95 % of the time.',
      ['0', '5', '10', '20', '30'],
      '10',
    ),
  }
}

function datasource(name: VariableName, label: string, type: string): Variable {
  return { name, label, type: 'datasource', query: type, refresh: 1, hide: 0 }
}

function query(name: VariableName, label: string, text: string): Variable {
  return {
    name,
    label,
    type: 'query',
    datasource: sources.prometheus,
    definition: text,
    query: { qryType: 1, query: text, refId: `variable-${name}` },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    current: { text: ['All'], value: ['$__all'] },
  } as Variable
}

function choice(
  name: VariableName,
  label: string,
  description: string,
  values: readonly string[],
  chosen: string,
): Variable {
  return {
    name,
    label,
    description,
    type: 'custom',
    query: values.join(','),
    current: { text: chosen, value: chosen },
    options: values.map(value => ({ text: value, value, selected: value === chosen })),
    multi: false,
    includeAll: false,
  }
}
