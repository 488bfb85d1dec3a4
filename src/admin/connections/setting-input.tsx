import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../api.ts';

type Setting = ConnectorCard['settings'][number];
type Input = { readonly value?: string; readonly error?: unknown; readonly onChange?: (value: string) => void };

/** One setting of a manifest as the input that fits its kind. */
export function SettingInput({ setting, input }: { readonly setting: Setting; readonly input: Input }) {
  const { t } = useTranslation('connections');
  const { label, help, required, kind } = setting;
  const value = input.value ?? '';
  const change = (next: string) => input.onChange?.(next);
  const error = typeof input.error === 'string' ? input.error : undefined;
  const shared = { label: required ? label : t('form.optional', { label }), description: help, error };
  if (kind === 'switch')
    return <Switch {...shared} checked={value === 'true'} onChange={(event) => change(String(event.currentTarget.checked))} />;
  if (kind === 'choice') {
    const choices = setting.choices ?? [];
    const data =
      required && choices.some((choice) => choice.value === value) ? [...choices] : [{ value: '', label: t('form.choose') }, ...choices];
    return <NativeSelect {...shared} value={value} data={data} onChange={(event) => change(event.currentTarget.value)} />;
  }
  return (
    <TextInput
      {...shared}
      value={value}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
