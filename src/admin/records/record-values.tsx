import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Trans, useTranslation } from 'react-i18next';
import { api, type RecordDetail } from '../api.ts';
import { useNames } from '../names.ts';
import { DownIcon, UndoIcon } from '../parts/icons.tsx';
import { Section } from '../parts/page.tsx';
import { Ago, Shown } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { type Category, type Lost, type Side, type ToldField, toldFields } from './told-fields.ts';

const ORDER: readonly Category[] = ['basic', 'interaction', 'behaviour', 'feedback'];

/** The values of a record by category, each with its source, its losers, and what every system holds. */
export function RecordValues({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  const names = useNames();
  const fields = toldFields(record);
  return (
    <>
      {ORDER.map((category) => {
        const some = fields.filter((field) => field.category === category);
        if (some.length === 0) return null;
        return (
          <Section key={category} title={t(`category.${category}`)}>
            <div className="card rows">
              {some.map((field) => (
                <FieldRow key={field.field} field={field} />
              ))}
            </div>
          </Section>
        );
      })}
      {record.hidden.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('hidden', { fields: record.hidden.map((name) => names.field(name)).join(', ') })}
        </Text>
      )}
    </>
  );
}

const isBlank = (field: ToldField) => field.value === null || field.value === '';

function FieldRow({ field }: { readonly field: ToldField }) {
  const { t } = useTranslation('records');
  const label = useNames().field(field.field, field.label);
  const [isOpen, { toggle }] = useDisclosure(false);
  const hasMore = field.sides.length > 0 || field.sentence !== null;
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
        {hasMore && (
          <button
            type="button"
            className="bare"
            aria-expanded={isOpen}
            {...(isOpen ? { 'aria-controls': panel } : {})}
            aria-label={t('why', { field: label })}
            onClick={toggle}
            style={{ display: 'inline-flex', padding: 3, transform: isOpen ? 'rotate(180deg)' : 'none' }}
          >
            <DownIcon size={14} />
          </button>
        )}
      </Group>
      {field.lost.map((lost) => (
        <LostValue key={`${lost.changeId} ${lost.by}`} field={field} lost={lost} />
      ))}
      {isOpen && (
        <Stack gap={6} pt={6} pb={4} className="whole" id={panel}>
          {field.sentence !== null && (
            <Text size="sm" className="value">
              {field.sentence}
            </Text>
          )}
          {field.sides.map((side) => (
            <SideLine key={`${side.connection} ${side.remoteId} ${side.remoteField}`} side={side} />
          ))}
        </Stack>
      )}
    </div>
  );
}

function LostValue({ field, lost }: { readonly field: ToldField; readonly lost: Lost }) {
  const { t } = useTranslation('records');
  const label = useNames().field(field.field, field.label);
  const mayRestore = useMay('steward');
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

function SideLine({ side }: { readonly side: Side }) {
  const { t } = useTranslation('records');
  return (
    <div className="note">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} className="value">
          {side.connection}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace" className="value">
          {side.remoteField}
        </Text>
      </Group>
      <Text size="sm" component="div">
        <Trans t={t} i18nKey="evidence.holds" components={{ value: <Shown value={side.shown} /> }} />
      </Text>
      {side.base !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          <Trans t={t} i18nKey="evidence.agreed" components={{ value: <Shown value={side.base.remote} /> }} />
        </Text>
      )}
      {side.sent !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          <Trans t={t} i18nKey="evidence.sent" components={{ value: <Shown value={side.sent} /> }} />
        </Text>
      )}
      <Text size="xs" c="dimmed" className="value">
        {side.reason}
      </Text>
    </div>
  );
}
