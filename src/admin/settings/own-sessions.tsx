import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { useFormat } from '../format.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { Ago } from '../parts/small.tsx';
import { useAct } from '../session.tsx';
import { browserIn } from './browser-name.ts';
import { type OwnSession, useOwnSessions } from './settings-queries.ts';
import { Worded } from './worded.tsx';

/** Where who is signed in is signed in, and the end of it. */
export function OwnSessions() {
  const { t } = useTranslation('settings');
  const sessions = useOwnSessions();
  const endOthers = useAct(async () => api.me.sessions.$delete(), { done: () => t('security.endedOthers') });
  const hasOthers = (sessions.data?.items.length ?? 0) > 1;
  return (
    <Section
      title={t('security.sessions')}
      about={t('security.sessionsAbout')}
      actions={
        hasOthers && (
          <Button size="xs" variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            {t('security.endOthers')}
          </Button>
        )
      }
    >
      <Loaded query={sessions} waiting={<Waiting rows={2} height={64} />}>
        {({ items }) => (
          <ul className="card rows plain">
            {items.map((session) => (
              <li key={session.id}>
                <SessionRow session={session} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function SessionRow({ session: { id, browser, address, seenAt, createdAt, isThis } }: { readonly session: OwnSession }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const known = browserIn(browser);
  const name = known === null ? t('security.unknownBrowser') : t('security.onSystem', known);
  const end = useAct(async () => api.me.sessions[':id'].$delete({ param: { id } }), { done: () => t('security.ended') });
  return (
    <Group px="md" py="sm" gap="sm" justify="space-between">
      <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={550} className="value">
            {name}
          </Text>
          {isThis && <span className="chip">{t('security.here')}</span>}
        </Group>
        <Text size="xs" c="dimmed" component="div">
          {address !== null && `${address} · `}
          <Worded words="security.seen" what={<Ago at={seenAt} />} />
          {' · '}
          <Worded words="security.since" what={<time dateTime={createdAt}>{format.day(createdAt)}</time>} />
        </Text>
      </div>
      {!isThis && (
        <Button
          size="xs"
          variant="default"
          aria-label={t('security.endOf', { browser: name })}
          loading={end.isPending}
          onClick={() => end.mutate(undefined)}
        >
          {t('security.end')}
        </Button>
      )}
    </Group>
  );
}
