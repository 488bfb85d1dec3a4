import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Json, transformIn } from './document.ts';
import type { Fields } from './mapping-queries.ts';

type Props = {
  readonly transform: unknown;
  readonly all: Fields['transforms'];
  readonly mayChange: boolean;
  readonly error: string | null;
  /** `''` is to write a value as it is. */
  put(to: Json): void;
};

/** How a value is written, and what that can be told: a region, decimals, a precision, or a length. */
export function TransformSetting({ transform, all, mayChange, error, put }: Props) {
  const { t } = useTranslation('mappings');
  const { name, told } = transformIn(transform);
  const option = all.find((one) => one.name === name)?.option ?? null;
  const value = option === null ? '' : (told[option.name] ?? '');
  const names = [...new Set([...all.map((one) => one.name), ...(name === '' ? [] : [name])])];
  const tell = (text: string) =>
    option !== null && text !== value && put(text === '' ? name : { name, [option.name]: /^\d+$/.test(text) ? Number(text) : text });
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('transform.name')}
        value={name}
        disabled={!mayChange}
        error={option === null ? error : error !== null}
        data={[{ value: '', label: t('transform.usual') }, ...names]}
        onChange={(event) => put(event.currentTarget.value)}
      />
      {option?.choices != null && (
        <NativeSelect
          size="xs"
          label={t(`transform.option.${option.name}`)}
          value={value}
          disabled={!mayChange}
          error={error}
          data={[{ value: '', label: t('rule.usual') }, ...option.choices]}
          onChange={(event) => tell(event.currentTarget.value)}
        />
      )}
      {option !== null && option.choices === null && (
        <Told
          key={`${name} ${value}`}
          label={t(`transform.option.${option.name}`)}
          value={value}
          error={error}
          mayChange={mayChange}
          tell={tell}
        />
      )}
    </>
  );
}

type ToldProps = {
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly mayChange: boolean;
  tell(text: string): void;
};

function Told({ label, value, error, mayChange, tell }: ToldProps) {
  const [typed, setTyped] = useState(value);
  return (
    <TextInput
      size="xs"
      label={label}
      value={typed}
      disabled={!mayChange}
      error={error}
      maxLength={10}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => tell(typed.trim())}
      onKeyDown={(event) => event.key === 'Enter' && tell(typed.trim())}
    />
  );
}
