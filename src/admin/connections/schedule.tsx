import { Button, Checkbox, CloseButton, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { randomId } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { api, type ConnectionOverview, Refusal } from '../api.ts';
import { useFormat } from '../format.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';

type Hours = { readonly from: string; readonly to: string; readonly days: readonly number[] };
/** Hours as they are filled in: two windows may be alike, and one may go, so that each has an id of its own. */
type Window = Hours & { readonly id: string };
type Filled = { readonly kind: string; readonly cron: string; readonly timeZone: string; readonly quiet: readonly Window[] };

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const NIGHT: Hours = { from: '22:00', to: '06:00', days: [] };
const windowOf = (hours: Hours): Window => ({ ...hours, id: randomId() });

/** When a connection is looked at, and in which hours it is left alone. */
export function ScheduleSection({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const next = connection.schedule?.nextAt ?? null;
  if (!useMay('admin')) return null;
  return (
    <Section title={t('schedule.title')} about={t('schedule.about')}>
      <Stack className="card" p="md" gap="md">
        <Form key={JSON.stringify(connection.schedule?.cron)} connection={connection} />
        {next !== null && (
          <Text size="sm" c="dimmed">
            {t('schedule.next', { at: format.moment(next) })}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function Form({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const { schedule, id } = connection;
  const form = useForm<Filled>({
    initialValues: {
      kind: schedule?.cron == null ? 'interval' : 'cron',
      cron: schedule?.cron ?? '0 6 * * 1-5',
      timeZone: schedule?.timeZone ?? OWN_ZONE,
      quiet: (schedule?.quiet ?? []).map(windowOf),
    },
  });
  const { kind, cron, timeZone, quiet } = form.values;
  const save = useAct(
    async () => {
      const json = {
        cron: kind === 'cron' ? cron : null,
        timeZone,
        quiet: quiet.map(({ from, to, days }) => ({ from, to, days: [...days] })),
      };
      await api.connections[':id'].schedule.$put({ param: { id }, json });
    },
    { quiet: true, done: () => t('schedule.kept') },
  );
  const wrong = (at: string): string | null =>
    save.error instanceof Refusal ? (save.error.errors.find(({ pointer }) => pointer.startsWith(`#/${at}`))?.detail ?? null) : null;
  const setHours = (place: number, change: Partial<Hours>) =>
    form.setFieldValue(
      'quiet',
      quiet.map((hours, at) => (at === place ? { ...hours, ...change } : hours)),
    );
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label={t('schedule.kind')}
        data={[
          { value: 'interval', label: t('schedule.interval') },
          { value: 'cron', label: t('schedule.cron') },
        ]}
        {...form.getInputProps('kind')}
        w="fit-content"
      />
      <Group gap="sm" align="flex-start">
        {kind === 'cron' && (
          <TextInput
            label={t('schedule.expression')}
            description={t('schedule.expressionHelp')}
            ff="monospace"
            {...form.getInputProps('cron')}
            error={wrong('cron')}
            style={{ flex: '1 1 14rem' }}
          />
        )}
        <NativeSelect
          label={t('schedule.timeZone')}
          description={t('schedule.timeZoneHelp')}
          data={[...new Set([timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
          {...form.getInputProps('timeZone')}
          error={wrong('timeZone')}
          style={{ flex: '1 1 14rem' }}
        />
      </Group>
      <Stack gap="xs" component="fieldset" m={0} p={0} style={{ border: 0, minWidth: 0 }}>
        <Text component="legend" size="sm" fw={500} p={0}>
          {t('schedule.quiet')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('schedule.quietHelp')}
        </Text>
        {quiet.map((hours, place) => (
          <QuietRow
            key={hours.id}
            nth={place + 1}
            hours={hours}
            onChange={(change) => setHours(place, change)}
            onRemove={() => form.setFieldValue('quiet', quiet.toSpliced(place, 1))}
          />
        ))}
        <Button size="xs" variant="default" w="fit-content" onClick={() => form.setFieldValue('quiet', [...quiet, windowOf(NIGHT)])}>
          {t('schedule.add')}
        </Button>
        {wrong('quiet') !== null && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {wrong('quiet')}
          </Text>
        )}
      </Stack>
      <Group justify="flex-end">
        {save.error !== null && !(save.error instanceof Refusal && save.error.errors.length > 0) && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {save.error.message}
          </Text>
        )}
        <Button loading={save.isPending} onClick={() => save.mutate(undefined)}>
          {t('schedule.save')}
        </Button>
      </Group>
    </Stack>
  );
}

type RowProps = {
  readonly nth: number;
  readonly hours: Hours;
  readonly onChange: (change: Partial<Hours>) => void;
  readonly onRemove: () => void;
};

function QuietRow({ nth, hours, onChange, onRemove }: RowProps) {
  const { t, i18n } = useTranslation('connections');
  const days = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  // The first of June 2026 is a Monday.
  const nameOf = (day: number): string => days.format(new Date(Date.UTC(2026, 5, day)));
  return (
    <Group gap="sm" component="fieldset" m={0} p={0} style={{ border: 0, minWidth: 0 }} aria-label={t('schedule.window', { nth })}>
      <TextInput
        type="time"
        required
        aria-label={t('schedule.from', { nth })}
        value={hours.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <span aria-hidden="true">–</span>
      <TextInput
        type="time"
        required
        aria-label={t('schedule.to', { nth })}
        value={hours.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
      <Checkbox.Group
        aria-label={t('schedule.days', { nth })}
        value={(hours.days.length === 0 ? [...DAYS] : hours.days).map(String)}
        onChange={(chosen) => onChange({ days: chosen.length === DAYS.length ? [] : chosen.map(Number).toSorted() })}
      >
        <Group gap="xs">
          {DAYS.map((day) => (
            <Checkbox key={day} size="xs" value={String(day)} label={nameOf(day)} />
          ))}
        </Group>
      </Checkbox.Group>
      <CloseButton aria-label={t('schedule.remove', { nth })} onClick={onRemove} />
    </Group>
  );
}
