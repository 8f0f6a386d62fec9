import React, { useId } from 'react'
import { css } from '@emotion/css'
import type { DataSourceInstanceSettings, GrafanaTheme2 } from '@grafana/data'
import { Field, useStyles2 } from '@grafana/ui'

interface SourceSelectProps {
  label: string
  description: string
  type: 'prometheus' | 'loki'
  value: string | undefined
  onChange: (uid: string | undefined) => void
  list: readonly DataSourceInstanceSettings[]
  none: string
}

/** The browser's own list: works with every keyboard and screen reader. */
export function SourceSelect({
  label,
  description,
  type,
  value,
  onChange,
  list,
  none,
}: SourceSelectProps) {
  const styles = useStyles2(getStyles)
  const id = useId()
  const fitting = list.filter(one => one.type === type)
  const gone = value !== undefined && !fitting.some(one => one.uid === value)
  return (
    <Field
      label={label}
      description={description}
      htmlFor={id}
      invalid={gone}
      error={gone ? 'The chosen data source is gone, or is of another type.' : undefined}
    >
      <select
        id={id}
        className={styles.select}
        value={value ?? ''}
        onChange={event => onChange(event.currentTarget.value || undefined)}
      >
        <option value="">({none})</option>
        {gone && <option value={value}>{value} (not there)</option>}
        {fitting.map(one => (
          <option key={one.uid} value={one.uid}>
            {one.name}
          </option>
        ))}
      </select>
    </Field>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  select: css({
    width: '100%',
    height: theme.spacing(4),
    padding: theme.spacing(0, 1),
    color: theme.components.input.text,
    background: theme.components.input.background,
    border: `1px solid ${theme.components.input.borderColor}`,
    borderRadius: theme.shape.radius.default,
  }),
})
