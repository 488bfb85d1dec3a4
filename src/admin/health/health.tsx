import { Anchor, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Overview } from '../api.ts';
import { Extending } from '../choices/extend.tsx';
import { useFormat } from '../format.ts';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useOverview } from '../queries.ts';
import { connectionState, connectionTone, LINK_TONES } from '../tones.ts';
import { CauseCard } from './cause-card.tsx';
import { useFailures } from './health-queries.ts';

/** How everything does: how many records are in step, how each connection stands, and what needs attention, by cause. */
export function HealthPage() {
  const { t } = useTranslation('health');
  const overview = useOverview();
  const failures = useFailures();
  return (
    <Page title={t('title')} about={t('about')}>
      <Extending />
      <Loaded query={overview} waiting={<Waiting rows={2} height={110} />}>
        {(data) => (
          <>
            <Sums overview={data} />
            <ByConnection overview={data} />
          </>
        )}
      </Loaded>
      {/* What stands above is of any height: nothing may be pushed down by it. */}
      {!overview.isPending && (
        <Section title={t('causes')} about={t('causesAbout')}>
          <Loaded query={failures} waiting={<Waiting rows={2} height={96} />}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty title={t('well')} action={<NextStep to="inStep" />}>
                  {t('wellAbout')}
                </Empty>
              ) : (
                items.map((group) => <CauseCard key={group.cause.id} group={group} />)
              )
            }
          </Loaded>
        </Section>
      )}
    </Page>
  );
}

type Links = Overview['connections'][number]['links'];
const STATES = [
  ['in_sync', 'inSync'],
  ['waiting', 'waiting'],
  ['failing', 'failing'],
  ['held', 'held'],
  ['excluded', 'excluded'],
] as const satisfies readonly (readonly [string, keyof Links])[];

/** All links of all connections by how they stand: as a bar, and in figures. */
function Sums({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation(['health', 'shared']);
  const format = useFormat();
  const sums = STATES.map(([state, name]) => ({ state, count: overview.connections.reduce((sum, { links }) => sum + links[name], 0) }));
  const all = sums.reduce((sum, { count }) => sum + count, 0);
  if (overview.connections.length === 0) return null;
  return (
    <section className="card" aria-label={t('all')} style={{ padding: '1rem' }}>
      <div className="bar" aria-hidden="true">
        {sums.map(({ state, count }) => count > 0 && <span key={state} data-tone={LINK_TONES[state]} style={{ flex: count }} />)}
      </div>
      <Group component="dl" gap="xl" m={0} mt="sm" style={{ rowGap: 8 }}>
        {sums.map(({ state, count }) => (
          <div key={state} style={{ display: 'flex', flexDirection: 'column-reverse' }}>
            <Text component="dt" size="xs" c="dimmed">
              <State tone={LINK_TONES[state]} words={t(`shared:link.${state}`)} />
            </Text>
            <dd className="figure tabular" style={{ margin: 0 }} title={t('ofAll', { count, all })}>
              <Anchor
                component={Link}
                to={`/health/records?state=${state}`}
                inherit
                aria-label={t('list.open', { count, standing: t(`shared:link.${state}`) })}
              >
                {format.count(count)}
              </Anchor>
            </dd>
          </div>
        ))}
      </Group>
    </section>
  );
}

function ByConnection({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation(['health', 'connections', 'shared']);
  const format = useFormat();
  if (overview.connections.length === 0)
    return (
      <Empty title={t('connections:none')} action={<NextStep to="start" />}>
        {t('connections:noneAbout')}
      </Empty>
    );
  return (
    <Section title={t('byConnection')}>
      <ul className="card rows plain">
        {overview.connections.map((connection) => (
          <li key={connection.id}>
            <Link to={`/connections/${connection.id}`} className="row-link">
              <Group justify="space-between" gap="md" style={{ rowGap: 4 }}>
                <Text size="sm" fw={550} flex="1 1 12rem" className="value">
                  {connection.name}
                </Text>
                <Text size="sm" component="div" flex="1 1 12rem">
                  <State tone={connectionTone(connection)} words={t(`connections:state.${connectionState(connection)}`)} />
                </Text>
                <Text size="xs" c="dimmed" component="div" className="tabular" flex="2 1 14rem">
                  {STATES.filter(([, name]) => connection.links[name] > 0)
                    .map(([state, name]) => `${format.count(connection.links[name])} ${t(`shared:link.${state}`).toLocaleLowerCase()}`)
                    .join(' · ')}
                </Text>
                <Text size="xs" c="dimmed" miw={{ sm: 90 }} ta={{ base: 'left', sm: 'right' }}>
                  {connection.observedAt !== null && <Ago at={connection.observedAt} />}
                </Text>
              </Group>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
