import { useTranslation } from 'react-i18next';

const TITLED = [
  'signed_out',
  'not_allowed',
  'unreachable',
  'misconfigured',
  'rate_limited',
  'quota_spent',
  'locked',
  'broken_answer',
] as const;

/** What kind of thing went wrong, as a heading. */
export function useErrorTitle(): (kind: string | undefined) => string {
  const { t } = useTranslation(['connections', 'shared']);
  return (kind) => {
    const titled = TITLED.find((one) => one === kind);
    return titled === undefined ? t('shared:failed') : t(`error.${titled}`);
  };
}
