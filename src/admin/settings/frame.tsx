import './settings.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import type { Me } from '../api.ts';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';

const PLACES = [
  { to: '/settings', key: 'you', role: 'viewer' },
  { to: '/settings/security', key: 'security', role: 'viewer' },
  { to: '/settings/users', key: 'users', role: 'admin' },
  { to: '/settings/keys', key: 'keys', role: 'admin' },
  { to: '/settings/rules', key: 'rules', role: 'admin' },
  { to: '/settings/audit', key: 'audit', role: 'admin' },
  { to: '/settings/retention', key: 'retention', role: 'admin' },
  { to: '/settings/hub', key: 'hub', role: 'viewer' },
] as const satisfies readonly { to: string; key: string; role: Me['role'] }[];
type Place = (typeof PLACES)[number];

type FrameProps = { readonly place: Place['key']; readonly about: string; readonly actions?: ReactNode; readonly children: ReactNode };

/** One page of the settings beside the way to the others. */
export function SettingsFrame({ place, about, actions, children }: FrameProps) {
  const { t } = useTranslation('settings');
  return (
    <div className="settings">
      <nav aria-label={t('places.label')}>
        <ul className="plain">
          {PLACES.map((each) => (
            <PlaceLink key={each.to} place={each} />
          ))}
          <StartLink />
        </ul>
      </nav>
      <Page title={t(`places.${place}`)} about={about} actions={actions} width={860}>
        {children}
      </Page>
    </div>
  );
}

/** Whoever has put the guided start out of the way finds it here as well. */
function StartLink() {
  const { t } = useTranslation('start');
  if (!useMay('admin')) return null;
  return (
    <li>
      <NavLink to="/start/systems" className="nav-link">
        {t('link')}
      </NavLink>
    </li>
  );
}

function PlaceLink({ place }: { readonly place: Place }) {
  const { t } = useTranslation('settings');
  if (!useMay(place.role)) return null;
  return (
    <li>
      <NavLink to={place.to} end className="nav-link">
        {t(`places.${place.key}`)}
      </NavLink>
    </li>
  );
}
