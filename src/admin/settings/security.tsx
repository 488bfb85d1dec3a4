import { useTranslation } from 'react-i18next';
import { useOperator } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { SecondFactor } from './second-factor.tsx';

/** How who is signed in signs in: password, second factor, sessions. */
export function SecurityPage() {
  const { t } = useTranslation('settings');
  const me = useOperator();
  return (
    <SettingsFrame place="security" about={t('security.about')}>
      {me.needsTwoFactor && !me.hasTwoFactor && me.hasPassword && (
        <div className="note warn" role="status">
          {t('security.factorNeeded')}
        </div>
      )}
      <OwnPassword />
      <SecondFactor />
      <OwnSessions />
    </SettingsFrame>
  );
}
