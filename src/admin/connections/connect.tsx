import { useParams } from 'react-router';
import { Empty, Loaded, Page } from '../parts/page.tsx';
import { Mark } from '../parts/small.tsx';
import { useConnectors, useOverview } from '../queries.ts';
import { ConnectForm } from './connect-form.tsx';

const NARROW = 640;
const BACK = { to: '/connections', label: 'Connections' };

/** The form for a new connection, drawn from the connector's manifest. */
export function ConnectPage() {
  const { connector: id } = useParams();
  const connectors = useConnectors();
  const overview = useOverview();
  const connector = connectors.data?.find((each) => each.id === id);
  return (
    <Page
      title={connector === undefined ? 'Connect' : `Connect ${connector.label}`}
      about={connector?.about}
      mark={connector && <Mark name={connector.label} />}
      back={BACK}
      width={NARROW}
    >
      <Loaded query={connectors}>
        {() =>
          connector === undefined ? (
            <Unknown />
          ) : (
            <Loaded query={overview}>
              {({ connections }) => <ConnectForm key={connector.id} connector={connector} taken={connections.map((each) => each.name)} />}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  );
}

/** New credentials, address, or settings for a connection that is there. */
export function ReconnectPage() {
  const { id } = useParams();
  const connectors = useConnectors();
  const overview = useOverview();
  const connection = overview.data?.connections.find((each) => each.id === id);
  const connector = connectors.data?.find((each) => each.id === connection?.connector);
  return (
    <Page
      title={`Reconnect ${connection?.name ?? ''}`}
      about="New credentials, address, or settings. What is in sync stays in sync."
      mark={connector && <Mark name={connector.label} />}
      back={{ to: `/connections/${id}`, label: connection?.name ?? 'Connection' }}
      width={NARROW}
    >
      <Loaded query={overview}>
        {() => (
          <Loaded query={connectors}>
            {() =>
              connection === undefined || connector === undefined ? (
                <Unknown />
              ) : (
                <ConnectForm key={connection.id} connector={connector} taken={[]} existing={connection} />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

const Unknown = () => (
  <Empty title="There is no such system">The address names a system or a connection that this hub does not know.</Empty>
);
