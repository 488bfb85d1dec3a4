import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../language/languages.ts';

type Props = { readonly onChoose: (language: string) => void; readonly hidesLabel?: boolean };

/** The languages of the page, each by its own name. */
export function LanguageChoice({ onChoose, hidesLabel = false }: Props) {
  const { t, i18n } = useTranslation('shell');
  return (
    <NativeSelect
      size={hidesLabel ? 'xs' : 'sm'}
      {...(hidesLabel ? { 'aria-label': t('language') } : { label: t('language') })}
      value={i18n.language}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
