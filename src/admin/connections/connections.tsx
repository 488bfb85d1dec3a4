import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { ConnectionOverview, ConnectorCard, Overview } from '../api.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { useConnectors, useOverview } from '../queries.ts';
import { many } from '../words.ts';
import { ConnectionCard } from './connection-card.tsx';
import { ConnectorOffer } from './connector-offer.tsx';

/** All connections with how they do, and what else can be connected. */
export function ConnectionsPage() {
  const overview = useOverview();
  const connectors = useConnectors();
  return (
    <Page title="Connections" about="The systems that Syncline keeps in agreement.">
      <Loaded query={overview} waiting={<Waiting rows={3} height={168} />}>
        {(data) => (
          <>
            <Attention overview={data} />
            <Made connections={data.connections} connectors={connectors.data ?? []} />
          </>
        )}
      </Loaded>
      <Section title="Connect a system" about="One system can be connected several times: two accounts, or a sandbox beside production.">
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
    </Page>
  );
}

function Made({
  connections,
  connectors,
}: {
  readonly connections: readonly ConnectionOverview[];
  readonly connectors: readonly ConnectorCard[];
}) {
  if (connections.length === 0) {
    return (
      <Empty title="Nothing is connected yet">
        Connect two customer systems and Syncline finds the people whom both know, keeps their fields in agreement, and tells you where each
        value came from. Nothing is written anywhere until you switch a connection on.
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
  const { openHolds, responses } = overview;
  if (openHolds === 0 && responses.unmatched === 0) return null;
  return (
    <Group className="note warn" gap="md" role="note">
      <Text size="sm" fw={550}>
        Waiting for you
      </Text>
      <Stack gap={0}>
        {openHolds > 0 && (
          <Anchor component={Link} to="/holds" size="sm" lh="24px">
            {many(openHolds, 'decision')} to make
          </Anchor>
        )}
        {responses.unmatched > 0 && (
          <Anchor component={Link} to="/responses?show=unmatched" size="sm" lh="24px">
            {many(responses.unmatched, 'response')} without a contact
          </Anchor>
        )}
      </Stack>
    </Group>
  );
}
