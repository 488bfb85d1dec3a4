import { Anchor, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ConnectionOverview, ConnectorCard, Overview } from '../api.ts';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { useConnectors, useOverview } from '../queries.ts';
import { useMay } from '../session.tsx';
import { ConnectionCard } from './connection-card.tsx';
import { ConnectorOffer } from './connector-offer.tsx';

/** All connections with how they do, and what else can be connected. */
export function ConnectionsPage() {
  const { t } = useTranslation('connections');
  const overview = useOverview();
  const connectors = useConnectors();
  return (
    <Page title={t('title')} about={t('about')} actions={useMay('admin') && <GuideLink />}>
      <Loaded query={overview} waiting={<Waiting rows={3} height={168} />}>
        {(data) => (
          <>
            <Attention overview={data} />
            <Made connections={data.connections} connectors={connectors.data ?? []} />
          </>
        )}
      </Loaded>
      {/* What stands above is of any height: nothing may be pushed down by it. */}
      {!overview.isPending && (
        <Section title={t('offer')} about={t('offerAbout')}>
          <Loaded query={connectors} waiting={<Waiting rows={1} height={120} />}>
            {(all) => (
              <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
                {all
                  .toSorted((a, b) => a.kind.localeCompare(b.kind))
                  .map((connector) => (
                    <ConnectorOffer
                      key={connector.id}
                      connector={connector}
                      isFirst={!overview.data?.connections.some((each) => each.connector === connector.id)}
                    />
                  ))}
              </SimpleGrid>
            )}
          </Loaded>
        </Section>
      )}
    </Page>
  );
}

function GuideLink() {
  const { t } = useTranslation('start');
  return (
    <Button size="xs" variant="default" component={Link} to="/start">
      {t('link')}
    </Button>
  );
}

function Made({
  connections,
  connectors,
}: {
  readonly connections: readonly ConnectionOverview[];
  readonly connectors: readonly ConnectorCard[];
}) {
  const { t } = useTranslation('connections');
  if (connections.length === 0) {
    return (
      <Empty title={t('none')} action={<NextStep to="start" />}>
        {t('noneAbout')}
      </Empty>
    );
  }
  const known = new Map(connectors.map((connector) => [connector.id, connector]));
  const byName = connections.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
      {byName.map((connection) => (
        <ConnectionCard
          key={connection.id}
          connection={connection}
          system={known.get(connection.connector)?.label ?? connection.connector}
          kind={known.get(connection.connector)?.kind ?? 'crm'}
        />
      ))}
    </SimpleGrid>
  );
}

function Attention({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation('connections');
  const { openHolds, responses } = overview;
  if (openHolds === 0 && responses.unmatched === 0) return null;
  return (
    <Group className="note warn" gap="md" role="note">
      <Text size="sm" fw={550}>
        {t('waitingForYou')}
      </Text>
      <Stack gap={0}>
        {openHolds > 0 && (
          <Anchor component={Link} to="/decisions" size="sm" lh="24px">
            {t('decisions', { count: openHolds })}
          </Anchor>
        )}
        {responses.unmatched > 0 && (
          <Anchor component={Link} to="/responses?show=unmatched" size="sm" lh="24px">
            {t('unmatched', { count: responses.unmatched })}
          </Anchor>
        )}
      </Stack>
    </Group>
  );
}
