import { Checkbox, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type ConnectorCard, type Overview, type Start } from '../api.ts';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';
import { Loaded } from '../parts/page.tsx';
import { useConnectors } from '../queries.ts';
import { Choice } from './choice.tsx';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useStartAct } from './steps.ts';

/** What is to be kept in step. */
export function ObjectsStep(props: StepProps) {
  const connectors = useConnectors();
  return (
    <Loaded query={connectors}>
      {(all) => {
        const offers = offersOf(props.start, props.overview, all);
        // What is chosen at first depends on what there is, and that may only just have come.
        return <Choosing key={offers.map(({ object }) => object).join()} {...props} offers={offers} />;
      }}
    </Loaded>
  );
}

function Choosing({ start, overview, offers }: StepProps & { readonly offers: readonly Offered[] }) {
  const { t } = useTranslation('start');
  const [chosen, choose] = useState<readonly string[]>(
    start.objects ?? offers.filter(({ isUsual }) => isUsual).map(({ object }) => object),
  );
  const plan = useStartAct(
    async () => {
      const isSame = start.planId !== null && [...chosen].sort().join() === [...(start.objects ?? [])].sort().join();
      if (!isSame) {
        await api.start.$patch({ json: { objects: [...chosen] } });
        await api.start.plan.$post();
      }
      return (await api.start.$patch({ json: { step: 'matching' } })).json();
    },
    { step: 'matching' },
  );
  const hasSurveys = overview.connections.some(
    ({ connector, streams }) => start.systems.includes(connector) && streams.some(({ hubObject }) => hubObject === 'response'),
  );
  const [usual, more] = [offers.filter(({ isUsual }) => isUsual), offers.filter(({ isUsual }) => !isUsual)];
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('objects.about')}
      </Text>
      <Checkbox.Group value={[...chosen]} onChange={choose} aria-label={t('heading.objects')}>
        <Stack gap="xs">
          {usual.map((offer) => (
            <Offer key={offer.object} offer={offer} />
          ))}
          {more.length > 0 && (
            <Text size="sm" fw={550} mt="xs">
              {t('objects.more')}
            </Text>
          )}
          {more.map((offer) => (
            <Offer key={offer.object} offer={offer} />
          ))}
        </Stack>
      </Checkbox.Group>
      {hasSurveys && <div className="note">{t('objects.responses')}</div>}
      <Footer
        back="connect"
        hindrance={chosen.length === 0 && !hasSurveys ? t('objects.none') : null}
        next={{ busy: plan.isPending, go: () => plan.mutate(undefined) }}
      />
    </>
  );
}

type Offered = { readonly object: string; readonly connections: readonly string[]; readonly isUsual: boolean };

/** What the chosen systems have, by object of the hub: what is switched on together comes first. */
function offersOf(start: Start, overview: Overview, connectors: readonly ConnectorCard[]): readonly Offered[] {
  const found = new Map<string, { connections: string[]; isUsual: boolean }>();
  for (const connection of overview.connections.filter(({ connector }) => start.systems.includes(connector))) {
    const together = connectors.find(({ id }) => id === connection.connector)?.together ?? [];
    for (const { object, hubObject } of connection.streams.filter(
      (stream) => stream.hubObject !== 'response' && stream.direction !== 'off',
    )) {
      const one = found.get(hubObject) ?? { connections: [], isUsual: false };
      found.set(hubObject, {
        connections: [...new Set([...one.connections, connection.name])],
        isUsual: one.isUsual || together.includes(object),
      });
    }
  }
  return [...found].map(([object, one]) => ({ object, ...one }));
}

function Offer({ offer }: { readonly offer: Offered }) {
  const { t } = useTranslation('start');
  const format = useFormat();
  const name = useNames().objects(offer.object);
  const connections = format.list(offer.connections);
  const about = t(offer.connections.length > 1 ? 'objects.in' : 'objects.alone', { connections });
  return <Choice value={offer.object} label={name} about={about} />;
}
