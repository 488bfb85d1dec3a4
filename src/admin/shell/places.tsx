import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  CompanyIcon,
  ConnectionsIcon,
  DealIcon,
  FeedbackIcon,
  HealthIcon,
  HoldIcon,
  MappingIcon,
  PeopleIcon,
  ResponseIcon,
  RunsIcon,
  SettingsIcon,
  StartIcon,
} from '../parts/icons.tsx';
import { useMay } from '../session.tsx';

export type Group = 'overview' | 'systems' | 'records' | 'feedback';
export type Place = { readonly to: string; readonly group: Group; readonly label: string; readonly icon: ReactNode };

/** Where the guided start is. */
export const START = '/start';

/** Every page that one can go to from anywhere, by the group that it stands in. */
export function usePlaces(): readonly Place[] {
  const { t } = useTranslation('shell');
  const maySetUp = useMay('admin');
  return [
    ...(maySetUp ? [{ to: START, group: 'overview' as const, label: t('start'), icon: <StartIcon /> }] : []),
    { to: '/health', group: 'overview', label: t('health'), icon: <HealthIcon /> },
    { to: '/decisions', group: 'overview', label: t('decisions'), icon: <HoldIcon /> },
    { to: '/connections', group: 'systems', label: t('connections'), icon: <ConnectionsIcon /> },
    { to: '/mappings', group: 'systems', label: t('mappings'), icon: <MappingIcon /> },
    { to: '/runs', group: 'systems', label: t('runs'), icon: <RunsIcon /> },
    { to: '/settings', group: 'systems', label: t('settings'), icon: <SettingsIcon /> },
    { to: '/contacts', group: 'records', label: t('contacts'), icon: <PeopleIcon /> },
    { to: '/companies', group: 'records', label: t('companies'), icon: <CompanyIcon /> },
    { to: '/deals', group: 'records', label: t('deals'), icon: <DealIcon /> },
    { to: '/responses', group: 'feedback', label: t('responses'), icon: <ResponseIcon /> },
    { to: '/feedback', group: 'feedback', label: t('scores'), icon: <FeedbackIcon /> },
  ];
}
