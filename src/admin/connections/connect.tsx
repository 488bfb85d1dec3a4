import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page } from '../parts/page.tsx';
import { Mark } from '../parts/small.tsx';
import { useConnectors, useOverview } from '../queries.ts';
import { ConnectForm } from './connect-form.tsx';

const NARROW = 640;
const useBack = () => ({ to: '/connections', label: useTranslation('connections').t('title') });

/** The form for a new connection, drawn from the connector's manifest. */
export function ConnectPage() {
  const { t } = useTranslation('connections');
  const isGuided = useSearchParams()[0].get('then') === 'start';
  const connections = useBack();
  const guide = useTranslation('start').t('title');
  const back = isGuided ? { to: '/start/connect', label: guide } : connections;
  const { connector: id } = useParams();
  const connectors = useConnectors();
  const overview = useOverview();
  const connector = connectors.data?.find((each) => each.id === id);
  return (
    <Page
      title={connector === undefined ? t('connect') : t('connectOf', { system: connector.label })}
      about={connector?.about}
      mark={connector && <Mark name={connector.label} />}
      back={back}
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
  const { t } = useTranslation('connections');
  const { id } = useParams();
  const connectors = useConnectors();
  const overview = useOverview();
  const connection = overview.data?.connections.find((each) => each.id === id);
  const connector = connectors.data?.find((each) => each.id === connection?.connector);
  return (
    <Page
      title={t('reconnectOf', { name: connection?.name ?? '' })}
      about={t('reconnectAbout')}
      mark={connector && <Mark name={connector.label} />}
      back={{ to: `/connections/${id}`, label: connection?.name ?? t('one') }}
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

function Unknown() {
  const { t } = useTranslation('connections');
  return (
    <Empty title={t('unknown')} action={<NextStep to="connect" />}>
      {t('unknownAbout')}
    </Empty>
  );
}
