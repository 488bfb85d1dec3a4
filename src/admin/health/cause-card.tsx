import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, type FailureGroup } from '../api.ts';
import { ExtendAll } from '../choices/extend.tsx';
import { useFormat } from '../format.ts';
import { LongList } from '../parts/long-list.tsx';
import { Loaded, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { useFailedLinks } from './health-queries.ts';
import { LinkLine } from './link-line.tsx';

const ACTIONS = ['retry', 'skip', 'exclude'] as const;
type Action = (typeof ACTIONS)[number];

/** What fails for one reason: what happened, what to do, and the doing of it, for all records or one by one. */
export function CauseCard({ group }: { readonly group: FailureGroup }) {
  const { t } = useTranslation('health');
  const { cause, example } = group;
  const [isOpen, toggle] = useOpenCause(cause.id);
  return (
    <Stack className="card" p="md" gap="xs" component="article" aria-label={cause.text}>
      <Text fw={600} size="sm" className="value">
        {cause.text}
      </Text>
      <Text size="sm">{cause.advice}</Text>
      <Counts group={group} />
      {example.reason !== null && (
        <Text size="xs" c="dimmed" className="value">
          {t('such', { system: example.system, reason: example.reason })}
        </Text>
      )}
      <Group gap="xs">
        {group.links > 0 && <AllActions group={group} />}
        {group.holds > 0 && (
          <Button size="xs" variant="default" component={Link} to={`/decisions?cause=${cause.id}`}>
            {t('decide')}
          </Button>
        )}
        <Repair group={group} />
        <ExtendAll group={group} />
        {group.links > 0 && (
          <Button size="xs" variant="subtle" aria-expanded={isOpen} onClick={toggle}>
            {t(isOpen ? 'hide' : 'show')}
          </Button>
        )}
      </Group>
      {isOpen && group.links > 0 && <Links cause={cause.id} />}
    </Stack>
  );
}

/** Which cause is opened stands in the address. */
function useOpenCause(cause: string): readonly [boolean, () => void] {
  const [search, setSearch] = useSearchParams();
  const isOpen = search.get('cause') === cause;
  return [isOpen, () => setSearch(isOpen ? {} : { cause }, { replace: true, preventScrollReset: true })];
}

function Counts({ group }: { readonly group: FailureGroup }) {
  const { t } = useTranslation('health');
  const format = useFormat();
  const parts = [
    group.links > 0 && t('links', { count: group.links }),
    group.holds > 0 && t('holds', { count: group.holds }),
    group.givenUp > 0 && t('givenUp', { count: group.givenUp }),
    group.nextTryAt !== null && t('nextTry', { at: format.moment(group.nextTryAt) }),
  ].filter((part) => part !== false);
  return (
    <Text size="xs" c="dimmed" className="tabular">
      {parts.join(' · ')}
    </Text>
  );
}

function AllActions({ group }: { readonly group: FailureGroup }) {
  const { t } = useTranslation('health');
  const mayAct = useMay('steward');
  const act = useAct(async (action: Action) => {
    const answer = await api.failures[':cause'][':action'].$post({ param: { cause: group.cause.id, action }, query: {} });
    const { links } = await answer.json();
    notifications.show({ message: t('acted', { count: links }) });
  });
  if (!mayAct) return null;
  return ACTIONS.map((action) => (
    <Button
      key={action}
      size="xs"
      variant={action === 'retry' ? 'default' : 'subtle'}
      loading={act.isPending && act.variables === action}
      onClick={() => act.mutate(action)}
      aria-label={t('actOnCause', { act: t(`actAll.${action}`), cause: group.cause.text })}
    >
      {t(`actAll.${action}`)}
    </Button>
  ));
}

/** Where only new credentials help, the way to them. */
function Repair({ group }: { readonly group: FailureGroup }) {
  const { t } = useTranslation('connections');
  const mayRepair = useMay('admin');
  const { data } = useOverview();
  const connection = data?.connections.find(({ name }) => name === group.example.system);
  if (!mayRepair || connection === undefined || group.cause.recovery !== 'ask_operator') return null;
  return (
    <Button size="xs" component={Link} to={`/connections/${connection.id}/reconnect`}>
      {t('reconnectOf', { name: connection.name })}
    </Button>
  );
}

function Links({ cause }: { readonly cause: string }) {
  const { t } = useTranslation('health');
  const links = useFailedLinks(cause);
  return (
    <Loaded query={links} waiting={<Waiting rows={3} height={40} />}>
      {({ pages }) => (
        <LongList label={t('all')} query={links} items={pages.flatMap((page) => page.items)} rowHeight={48} look="bare">
          {(link) => <LinkLine link={link} />}
        </LongList>
      )}
    </Loaded>
  );
}
