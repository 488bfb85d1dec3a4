import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Plan } from '../api.ts';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';
import { Listed } from '../parts/listed.tsx';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useGoOn } from './steps.ts';
import { WithPlan } from './with-plan.tsx';

type Matching = NonNullable<NonNullable<Plan['summary']>['matching']>[number];

/** By which keys records are told to be one, and how far they reach. */
export function MatchingStep(props: StepProps) {
  const { t } = useTranslation('start');
  const go = useGoOn('fields');
  const footer = <Footer back="objects" next={{ busy: go.isPending, go: () => go.mutate(undefined) }} />;
  const without = (
    <>
      <div className="note">{t('matching.nothing')}</div>
      {footer}
    </>
  );
  return (
    <WithPlan {...props} back="objects" without={without}>
      {(plan) => (
        <>
          <Text size="sm" c="dimmed">
            {t('matching.about')}
          </Text>
          <Found plan={plan} />
          <Anchor component={Link} to="/mappings" size="sm" w="fit-content">
            {t('matching.edit')}
          </Anchor>
          {footer}
        </>
      )}
    </WithPlan>
  );
}

function Found({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('start');
  const names = useNames();
  const matching = (plan.summary?.matching ?? []).filter(({ records }) => records > 0);
  const objects = [...new Set(matching.map(({ object }) => object))];
  const doubtful = plan.summary?.nonUniqueKeys ?? 0;
  return (
    <Stack gap="lg">
      {objects.map((object) => (
        <section key={object} aria-label={names.objects(object)}>
          <Title order={3} mb={6}>
            {names.objects(object)}
          </Title>
          <OfObject plan={plan} matching={matching.filter((one) => one.object === object)} label={names.objects(object)} />
        </section>
      ))}
      {doubtful > 0 && <div className="note warn">{t('matching.doubtful', { count: doubtful })}</div>}
    </Stack>
  );
}

type OfObjectProps = { readonly plan: Plan; readonly matching: readonly Matching[]; readonly label: string };

function OfObject({ plan, matching, label }: OfObjectProps) {
  const { t } = useTranslation('start');
  const format = useFormat();
  const names = useNames();
  const without = matching.reduce((sum, one) => sum + one.without, 0);
  const met = (plan.summary?.counts ?? [])
    .filter(({ operation, object }) => operation === 'match' && matching.some((one) => one.object === object))
    .reduce((sum, { records }) => sum + records, 0);
  const shared = (one: Matching): number => Math.max(0, ...one.rules.map((rule) => rule.shared));
  return (
    <Stack gap="xs">
      <Listed
        label={label}
        heads={[t('matching.system'), t('matching.keys'), t('matching.records'), t('matching.without'), t('matching.shared')]}
        figures={3}
      >
        {matching.map((one) => (
          <Table.Tr key={one.connection}>
            <Table.Td className="value">{one.connection}</Table.Td>
            <Table.Td>
              {one.rules.map(({ on }, place) => (
                <div key={on.join()}>
                  {place + 1}. {on.map((name) => names.field(name)).join(' + ')}
                </div>
              ))}
            </Table.Td>
            {Object.entries({ records: one.records, without: one.without, shared: shared(one) }).map(([figure, count]) => (
              <Table.Td key={figure} ta="right">
                {format.count(count)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Listed>
      <Text size="sm" c="dimmed">
        {t('matching.met', { count: met })} {without === 0 ? t('matching.allKeys') : t('matching.lacks', { count: without })}
      </Text>
    </Stack>
  );
}
