import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../api.ts';

const TOO_MANY = 429;
/** What those who are not let in are told, by the code of the refusal. */
const SAID = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong',
  SWITCHED_OFF: 'switchedOff',
  LINK_SPENT: 'spent',
  INVALID_CODE: 'wrongCode',
  INVALID_BACKUP_CODE: 'wrongCode',
  INVALID_TWO_FACTOR_COOKIE: 'beginAgain',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'beginAgain',
  ACCOUNT_TEMPORARILY_LOCKED: 'tooMany',
  PASSWORD_TOO_LONG: 'tooLong',
} as const;
const isSaid = (kind: string | undefined): kind is keyof typeof SAID => kind !== undefined && Object.hasOwn(SAID, kind);

/** Why somebody does not come in, in the language of the page. */
export function Refused({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation('entrance');
  if (error === null) return null;
  const said = (): string => {
    if (!(error instanceof Refusal)) return error.message;
    if (error.status === TOO_MANY) return t('refused.tooMany');
    return isSaid(error.kind) ? t(`refused.${SAID[error.kind]}`) : error.message;
  };
  return (
    <Text size="sm" className="note bad" role="alert">
      {said()}
    </Text>
  );
}
