import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { StartMapping } from '../api.ts';
import { useNames } from '../names.ts';
import { Loaded, Waiting } from '../parts/page.tsx';
import { useRuleWords } from '../parts/rule-words.ts';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useGoOn, useStartMapping } from './steps.ts';
import { WithPlan } from './with-plan.tsx';

type Field = StartMapping['objects'][number]['fields'][number];

/** Which field is which, in which direction, and who wins. */
export function FieldsStep(props: StepProps) {
  const { t } = useTranslation('start');
  const go = useGoOn('preview');
  const mapping = useStartMapping();
  const footer = <Footer back="matching" next={{ busy: go.isPending, go: () => go.mutate(undefined) }} />;
  const without = (
    <>
      <div className="note">{t('fields.nothing')}</div>
      {footer}
    </>
  );
  return (
    <WithPlan {...props} back="matching" without={without}>
      {() => (
        <>
          <Text size="sm" c="dimmed">
            {t('fields.about')}{' '}
            <Anchor component={Link} to="/mappings" size="sm" underline="always">
              {t('fields.edit')}
            </Anchor>
          </Text>
          <Loaded query={mapping} waiting={<Waiting rows={6} height={44} />}>
            {({ objects }) => (
              <Stack gap="lg">
                {objects.map(({ object, fields }) => (
                  <OfObject key={object} object={object} fields={fields} />
                ))}
              </Stack>
            )}
          </Loaded>
          {footer}
        </>
      )}
    </WithPlan>
  );
}

function OfObject({ object, fields }: { readonly object: string; readonly fields: readonly Field[] }) {
  const { t } = useTranslation('start');
  const names = useNames();
  return (
    <details className="card" open={fields.length > 0 && object === 'contact'}>
      <summary className="row-link">
        <Title order={3} display="inline">
          {names.objects(object)}
        </Title>{' '}
        <Text span size="sm" c="dimmed">
          {t('fields.count', { count: fields.length })}
        </Text>
      </summary>
      <ul className="plain rows">
        {fields.map((field) => (
          <li key={field.name}>
            <FieldLine field={field} />
          </li>
        ))}
      </ul>
    </details>
  );
}

const ARROWS = { both: '⇄', in: '→', out: '←', off: '·' } as const;

function FieldLine({ field }: { readonly field: Field }) {
  const { t } = useTranslation('start');
  const names = useNames();
  const ruleOf = useRuleWords();
  const isTwice = (connection: string) => field.sides.filter((side) => side.connection === connection).length > 1;
  const rules = [...new Set(field.sides.map(({ rule }) => ruleOf(rule)))];
  return (
    <div className="field">
      <Text size="sm" fw={550}>
        {names.field(field.name, field.label)}
      </Text>
      <Stack gap={2}>
        {field.sides.map(({ connection, object, remote, label, direction }) => (
          <Text key={`${connection} ${object} ${remote}`} size="sm" className="value">
            {connection}
            {isTwice(connection) && ` (${names.objects(object)})`}: {label ?? remote}{' '}
            <span role="img" aria-label={t(`fields.way.${direction}`)} title={t(`fields.way.${direction}`)}>
              {ARROWS[direction]}
            </span>
          </Text>
        ))}
      </Stack>
      <Text size="xs" c="dimmed">
        {field.computed ? t('fields.computed') : rules.join(' · ')}
      </Text>
    </div>
  );
}
