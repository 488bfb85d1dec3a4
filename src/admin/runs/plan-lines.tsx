import { Group, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import type { Plan, PlanLine } from '../api.ts';
import { useNames } from '../names.ts';
import { LongList } from '../parts/long-list.tsx';
import { ShowAll } from '../parts/next-step.tsx';
import { Empty, Loaded, Section, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { RecordLink, Shown } from '../parts/small.tsx';
import { usePlanLines } from './run-queries.ts';

const ROW_HEIGHT = 76;

type Operation = PlanLine['operation'];

/** What a plan does, record by record and field by field; what is looked for stands in the address. */
export function PlanLines({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('runs');
  const names = useNames();
  const [search] = useSearchParams();
  const operations = [...new Set((plan.summary?.counts ?? []).map(({ operation }) => operation))].filter(isOperation);
  const systems = [...new Set((plan.summary?.counts ?? []).flatMap(({ connection }) => connection ?? []))];
  const fields = (plan.summary?.touched ?? []).map(({ field }) => field);
  const operation = operations.find((one) => one === search.get('operation')) ?? null;
  const connection = systems.find((one) => one === search.get('system')) ?? null;
  const field = fields.find((one) => one === search.get('field')) ?? null;
  const text = search.get('q') ?? '';
  const lines = usePlanLines(plan.id, { operation, connection, field, text });
  const put = usePut();
  return (
    <Section title={t('lines')} about={t('linesAbout')}>
      <Group gap="xs" align="flex-start">
        <div style={{ flex: '1 1 14rem' }}>
          <SearchBox label={t('search')} placeholder={t('searchPlaceholder')} value={text} onSearch={(q) => put({ q: q })} />
        </div>
        <NativeSelect
          aria-label={t('what')}
          value={operation ?? ''}
          data={[{ value: '', label: t('anyOperation') }, ...operations.map((value) => ({ value, label: t(`operation.${value}`) }))]}
          onChange={(event) => put({ operation: event.currentTarget.value })}
        />
        {systems.length > 1 && (
          <NativeSelect
            aria-label={t('system')}
            value={connection ?? ''}
            data={[{ value: '', label: t('anySystem') }, ...systems]}
            onChange={(event) => put({ system: event.currentTarget.value })}
          />
        )}
        {fields.length > 1 && (
          <NativeSelect
            aria-label={t('field')}
            value={field ?? ''}
            data={[{ value: '', label: t('anyField') }, ...fields.map((value) => ({ value, label: names.field(value) }))]}
            onChange={(event) => put({ field: event.currentTarget.value })}
          />
        )}
      </Group>
      <Loaded query={lines} waiting={<Waiting rows={5} height={56} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <Empty title={t('noLines')} action={<ShowAll />}>
                {t('noLinesAbout')}
              </Empty>
            );
          return (
            <LongList label={t('lines')} query={lines} items={items} rowHeight={ROW_HEIGHT}>
              {(line) => <Line line={line} />}
            </LongList>
          );
        }}
      </Loaded>
    </Section>
  );
}

const isOperation = (operation: Operation | 'unchanged'): operation is Operation => operation !== 'unchanged';

function Line({ line }: { readonly line: PlanLine }) {
  const { t } = useTranslation(['runs', 'shared']);
  const names = useNames();
  const title = line.title ?? line.remoteId ?? names.nameless;
  return (
    <div className="row">
      <div className="apart">
        <span className="said strong value">
          {line.recordId === null ? title : <RecordLink record={{ id: line.recordId, object: line.object, title }} />}
        </span>
        <span className="chip">
          <span>{[t(`operation.${line.operation}`), line.connection].filter((part) => part !== null).join(' · ')}</span>
        </span>
      </div>
      {line.drift !== null && <div className="drift">{t(`drift.${line.drift}`)}</div>}
      {line.reason !== null && <div className="dim value">{line.reason}</div>}
      {Object.entries(line.fields).map(([name, change]) => (
        <div key={name} className="said">
          <span className="dimmed">{names.field(name)}: </span>
          <Shown value={change.old} /> <span aria-hidden="true">→</span>
          <VisuallyHidden component="span"> {t('shared:value.became')} </VisuallyHidden> <Shown value={change.new} />
          {change.rule !== null && <span className="dim"> {change.rule}</span>}
        </div>
      ))}
    </div>
  );
}
