import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'

export const getStyles = (theme: GrafanaTheme2) => ({
  block: css({ marginBottom: theme.spacing(3), minWidth: 0 }),
  tools: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    alignItems: 'flex-end',
    '& > button': { marginBottom: theme.spacing(1) },
  }),
  filter: css({ flex: '1 1 200px', maxWidth: 360, marginBottom: theme.spacing(1) }),
  scroll: css({
    overflowX: 'auto',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
  }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    'th, td': {
      padding: theme.spacing(0.75, 1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      textAlign: 'left',
      verticalAlign: 'top',
    },
    'tbody tr:hover': { background: theme.colors.action.hover },
    a: { color: theme.colors.text.link, textDecoration: 'underline' },
  }),
  caption: css({
    captionSide: 'top',
    textAlign: 'left',
    padding: theme.spacing(1),
    color: theme.colors.text.secondary,
    // Stays in sight while a table that is wider than the window is scrolled.
    '& > span': {
      position: 'sticky',
      left: theme.spacing(1),
      display: 'inline-block',
      maxWidth: `calc(100vw - ${theme.spacing(8)})`,
    },
  }),
  numeric: css({
    textAlign: 'right !important' as 'right',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  }),
  // A cell is as wide as its longest word, and a name of 200 characters is broken.
  text: css({ overflowWrap: 'break-word', maxWidth: '40ch', minWidth: 80 }),
  wide: css({ overflowWrap: 'break-word', maxWidth: '40ch', minWidth: '22ch' }),
  sort: css({
    all: 'unset',
    cursor: 'pointer',
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
  }),
  pages: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    justifyContent: 'space-between',
    alignItems: 'center',
    padding: theme.spacing(1, 0),
    color: theme.colors.text.secondary,
  }),
  buttons: css({ display: 'flex', gap: theme.spacing(1) }),
})
