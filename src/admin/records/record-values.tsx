import { usePut } from '../address.ts';
import './records.css';
import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Trans, useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, type RecordDetail } from '../api.ts';
import { useNames } from '../names.ts';
import { DownIcon, UndoIcon } from '../parts/icons.tsx';
import { Section } from '../parts/page.tsx';
import { Ago, Shown } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { Evidence } from './evidence.tsx';
import { CATEGORIES, type Category, type Lost, type ToldField, toldFields } from './told-fields.ts';

/** The values of a record by category, each with its source, its losers, and what every system holds. */
export function RecordValues({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  const names = useNames();
  const fields = toldFields(record);
  return (
    <>
      {CATEGORIES.map((category) => (
        <OfCategory
          key={category}
          category={category}
          fields={fields.filter((field) => field.category === category)}
          isPast={record.at !== null}
        />
      ))}
      {record.hidden.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('hidden', { fields: record.hidden.map((name) => names.field(name)).join(', ') })}
        </Text>
      )}
    </>
  );
}

const isBlank = (field: ToldField) => field.value === null || field.value === '';

type CategoryProps = { readonly category: Category; readonly fields: readonly ToldField[]; readonly isPast: boolean };

/** What is filled in comes first; what is empty is shown on request. */
function OfCategory({ category, fields, isPast }: CategoryProps) {
  const { t } = useTranslation('records');
  const asked = useSearchParams()[0].get('why');
  const blank = fields.filter((field) => isBlank(field) && field.lost.length === 0);
  const [showsBlank, { toggle }] = useDisclosure(blank.some((field) => field.field === asked));
  if (fields.length === 0) return null;
  const shown = showsBlank ? fields : fields.filter((field) => !blank.includes(field));
  return (
    <Section title={t(`category.${category}`)}>
      <div className="card rows">
        {shown.map((field) => (
          <FieldRow key={field.field} field={field} isPast={isPast} />
        ))}
        {blank.length > 0 && (
          <Button variant="subtle" size="xs" radius={0} justify="flex-start" fullWidth aria-expanded={showsBlank} onClick={toggle}>
            {t('blanks', { count: blank.length })}
          </Button>
        )}
      </div>
    </Section>
  );
}

/** Which field is explained stands in the address, so that it can be shown to somebody else. */
function useWhy(field: string): readonly [boolean, () => void] {
  const put = usePut();
  const isOpen = useSearchParams()[0].get('why') === field;
  return [isOpen, () => put({ why: isOpen ? null : field })];
}

function FieldRow({ field, isPast }: { readonly field: ToldField; readonly isPast: boolean }) {
  const { t } = useTranslation('records');
  const label = useNames().field(field.field, field.label);
  const [isOpen, toggle] = useWhy(field.field);
  const panel = `why-${field.field}`;
  return (
    <div className="field">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" fw={isBlank(field) ? 400 : 500}>
        <Shown value={field.value} />
      </Text>
      <Group gap={6} wrap="nowrap" justify="flex-end">
        {field.from !== null && (
          <Text size="xs" c="dimmed">
            <Trans
              t={t}
              i18nKey="from"
              values={{ name: field.from.name }}
              components={{ b: <span className="value" />, at: <Ago at={field.from.at} /> }}
            />
          </Text>
        )}
        {field.isExplained && (
          <button
            type="button"
            className="bare why"
            aria-expanded={isOpen}
            {...(isOpen ? { 'aria-controls': panel } : {})}
            aria-label={t('why', { field: label })}
            onClick={toggle}
          >
            <DownIcon size={14} />
          </button>
        )}
      </Group>
      {field.lost.map((lost) => (
        <LostValue key={`${lost.changeId} ${lost.by}`} field={field} lost={lost} isPast={isPast} />
      ))}
      {isOpen && field.isExplained && (
        <div className="whole" id={panel}>
          <Evidence field={field} />
        </div>
      )}
    </div>
  );
}

type LostProps = { readonly field: ToldField; readonly lost: Lost; readonly isPast: boolean };

function LostValue({ field, lost, isPast }: LostProps) {
  const { t } = useTranslation('records');
  const label = useNames().field(field.field, field.label);
  // What gave way then may stand again by now.
  const mayRestore = useMay('steward') && !isPast;
  const restore = useAct(async () => api.conflicts[':id'].restore.$post({ param: { id: lost.changeId }, json: { field: field.field } }), {
    done: () => t('takenBack', { field: label, by: lost.by }),
  });
  return (
    <Group className="whole note" gap="sm" justify="space-between" mt={4} py={6}>
      <Text size="sm" component="div" flex="1 1 12rem">
        <Text span size="sm" c="dimmed">
          {t('gaveWay')}{' '}
        </Text>
        <Shown value={lost.value} />
        <Text span size="xs" c="dimmed">
          {' '}
          <Trans
            t={t}
            i18nKey={lost.rule === null ? 'gaveWayBy' : 'gaveWayRule'}
            values={{ by: lost.by, rule: lost.rule ?? '' }}
            components={{ at: <Ago at={lost.at} /> }}
          />
        </Text>
      </Text>
      {mayRestore && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<UndoIcon size={13} />}
          loading={restore.isPending}
          onClick={() => restore.mutate(undefined)}
          aria-label={t('takeBackOf', { field: label, by: lost.by })}
        >
          {t('takeBack')}
        </Button>
      )}
    </Group>
  );
}
