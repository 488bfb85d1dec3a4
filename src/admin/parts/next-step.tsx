import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay } from '../session.tsx';

/** Where an empty list leads on: `connect` is for admins, and leads everybody else to what is connected. */
const STEPS = {
  start: '/start',
  connect: '/connections',
  health: '/health',
  decisions: '/decisions',
  mappings: '/mappings',
  responses: '/responses',
  inStep: '/health/records?state=in_sync',
} as const;
type Step = keyof typeof STEPS;
const FOR_ADMINS: ReadonlySet<Step> = new Set(['start', 'connect']);

/** The one thing to do next where a list is still empty. */
export function NextStep({ to }: { readonly to: Step }) {
  const { t } = useTranslation();
  const isAdmin = useMay('admin');
  const [path, words] = FOR_ADMINS.has(to) && !isAdmin ? [STEPS.connect, t('toConnections')] : ([STEPS[to], t(`next.${to}`)] as const);
  return (
    <Anchor component={Link} to={path} size="sm" mt={4}>
      {words}
    </Anchor>
  );
}

/** The way back from a search or a filter that nothing fits: the same page with nothing in its address. */
export function ShowAll() {
  const { t } = useTranslation();
  return (
    <Anchor component={Link} to="?" size="sm" mt={4}>
      {t('showAll')}
    </Anchor>
  );
}
