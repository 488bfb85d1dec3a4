import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import i18next from 'i18next';

const ACCENT: MantineColorsTuple = [
  '#f0f2ff',
  '#e0e4fb',
  '#bec5f3',
  '#9aa5ec',
  '#8391f0',
  '#5a68d8',
  '#4450c4',
  '#3a45ad',
  '#323c98',
  '#283180',
];
const DARK: MantineColorsTuple = [
  '#e4e6eb',
  '#b9bec8',
  '#a3a9b5',
  '#777f8d',
  '#383c45',
  '#2c2f36',
  '#202329',
  '#1b1d21',
  '#141518',
  '#0f1012',
];
const SANS =
  'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans JP", "Noto Sans Thai", sans-serif';

/** One accent colour, a calm type scale, and small radii. */
export const theme = createTheme({
  colors: { accent: ACCENT, dark: DARK },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  fontFamily: SANS,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.45' },
    },
  },
  components: {
    Switch: { defaultProps: { withThumbIndicator: false } },
    Button: { defaultProps: { size: 'sm' } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'md' } },
    // The cross alone says nothing to a screen reader. It is named when it is shown, in the language that is spoken then.
    Notification: { defaultProps: () => ({ closeButtonProps: { 'aria-label': i18next.t('close') } }) },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Secondary text and placeholders dark enough to be read by everybody (WCAG AA) in both themes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfbfc',
    '--mantine-color-text': '#1d2129',
    '--mantine-color-dimmed': '#5a6270',
    '--mantine-color-placeholder': '#666e7b',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#3f4abb',
    '--sl-card': '#ffffff',
    '--sl-line': '#e5e7ec',
    '--sl-quiet': '#f4f5f7',
    '--sl-hover': '#f6f7f9',
    '--sl-selected': '#eceefb',
    '--sl-selected-text': '#333d9e',
    '--sl-good': '#1a8a4c',
    '--sl-wait': '#b7791f',
    '--sl-bad': '#cf3030',
    '--sl-off': '#8a919e',
    '--sl-warn-bg': '#fff8ea',
    '--sl-warn-line': '#f0d9a6',
    '--sl-bad-bg': '#fff3f2',
    '--sl-bad-line': '#f4c7c3',
  },
  dark: {
    '--mantine-color-body': '#141518',
    '--mantine-color-text': '#e4e6eb',
    '--mantine-color-dimmed': '#a3a9b5',
    '--mantine-color-placeholder': '#9aa0ac',
    '--mantine-color-error': '#ff9b93',
    '--mantine-color-anchor': '#a9b4ff',
    '--mantine-color-default': '#22242a',
    '--mantine-color-default-hover': '#2a2d34',
    '--mantine-color-default-border': '#383c45',
    '--sl-card': '#1b1d21',
    '--sl-line': '#2c2f36',
    '--sl-quiet': '#22252a',
    '--sl-hover': '#202329',
    '--sl-selected': '#2a2e4a',
    '--sl-selected-text': '#c3cbff',
    '--sl-good': '#3fc27a',
    '--sl-wait': '#e3a73c',
    '--sl-bad': '#ff7b72',
    '--sl-off': '#777f8d',
    '--sl-warn-bg': '#2c2516',
    '--sl-warn-line': '#54431d',
    '--sl-bad-bg': '#301c1c',
    '--sl-bad-line': '#5c2c2b',
  },
});
