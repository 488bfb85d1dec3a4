import { Anchor, Button, Checkbox, Group, SimpleGrid, Text } from '@mantine/core';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type ConnectorCard, type Start } from '../api.ts';
import { useFormat } from '../format.ts';
import { Loaded } from '../parts/page.tsx';
import { Mark } from '../parts/small.tsx';
import { useConnectors } from '../queries.ts';
import { Choice } from './choice.tsx';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useStartAct } from './steps.ts';

/** Which systems are to be kept in step, or the sandboxes to see how it works. */
export function SystemsStep({ start }: StepProps) {
  const connectors = useConnectors();
  return (
    <Loaded query={connectors}>
      {(all) => (
        <>
          <TryIt start={start} connectors={all} />
          <Choosing start={start} connectors={all} />
        </>
      )}
    </Loaded>
  );
}

type Props = { readonly start: Start; readonly connectors: readonly ConnectorCard[] };

function TryIt({ start, connectors }: Props) {
  const { t } = useTranslation('start');
  const format = useFormat();
  const offered = connectors.filter(({ id }) => start.sandboxes.trial.includes(id));
  const open = useStartAct(
    async () => {
      await api.start.$patch({ json: { systems: offered.map(({ id }) => id), step: 'connect' } });
      for (const { id } of offered) await api.sandboxes.$post({ json: { connector: id } });
      return (await api.start.$patch({ json: { step: 'objects' } })).json();
    },
    { step: 'objects' },
  );
  if (offered.length === 0) return null;
  return (
    <Group className="note" justify="space-between" gap="md">
      <div style={{ flex: '1 1 20rem' }}>
        <Text fw={600} size="sm">
          {t('try.title')}
        </Text>
        <Text size="sm">{t('try.about', { count: offered.length, systems: format.list(offered.map(({ label }) => label)) })}</Text>
        <Text size="sm" c="dimmed" role="status">
          {open.isPending && t('try.opening')}
        </Text>
      </div>
      <Button variant="default" loading={open.isPending} onClick={() => open.mutate(undefined)}>
        {t('try.all')}
      </Button>
    </Group>
  );
}

function Choosing({ start, connectors }: Props) {
  const { t } = useTranslation('start');
  const [chosen, choose] = useState<readonly string[]>(start.systems);
  const kindsChosen = connectors.filter(({ id }) => chosen.includes(id)).map(({ kind }) => kind);
  const isAlone = kindsChosen.length === 1 && kindsChosen[0] === 'crm';
  const isSame = [...chosen].sort().join() === [...start.systems].sort().join();
  const go = useStartAct(
    async () => (await api.start.$patch({ json: { step: 'connect', ...(isSame ? {} : { systems: [...chosen] }) } })).json(),
    { step: 'connect' },
  );
  return (
    <>
      {(['crm', 'survey'] as const).map((kind) => (
        <Checkbox.Group
          key={kind}
          label={t(kind === 'crm' ? 'systems.crms' : 'systems.surveys')}
          description={t(kind === 'crm' ? 'systems.crmsAbout' : 'systems.surveysAbout')}
          value={[...chosen]}
          onChange={choose}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt="xs">
            {connectors
              .filter((connector) => connector.kind === kind)
              .map((connector) => (
                <Choice
                  key={connector.id}
                  value={connector.id}
                  label={connector.label}
                  about={connector.about}
                  mark={<Mark name={connector.label} />}
                />
              ))}
          </SimpleGrid>
        </Checkbox.Group>
      ))}
      <Text size="sm" c="dimmed">
        <Trans
          t={t}
          i18nKey="systems.doors"
          components={{ a: <Anchor component={Link} to="/connections" size="sm" underline="always" /> }}
        />
      </Text>
      {isAlone && <div className="note warn">{t('systems.alone')}</div>}
      <Footer hindrance={chosen.length === 0 ? t('objects.none') : null} next={{ busy: go.isPending, go: () => go.mutate(undefined) }} />
    </>
  );
}
