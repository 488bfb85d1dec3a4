import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const PLACE = '\u0000';
type Key = 'users.lastSignIn' | 'keys.used' | 'keys.until' | 'keys.over' | 'security.seen' | 'security.since';

/** A sentence around something that is drawn, such as a time that keeps itself true. */
export function Worded({ words, what }: { readonly words: Key; readonly what: ReactNode }) {
  const { t } = useTranslation('settings');
  const [before, after] = t(words, { when: PLACE }).split(PLACE);
  return (
    <>
      {before}
      {what}
      {after}
    </>
  );
}
