import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import { LongList } from '../parts/long-list.tsx';
import { ShowAll } from '../parts/next-step.tsx';
import { Empty, Loaded, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { AuditRow } from './audit-row.tsx';
import { SettingsFrame } from './frame.tsx';
import { type AuditWish, useAudit, useOperators } from './settings-queries.ts';

const KINDS = ['act', 'read', 'entry'] as const;
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IS_DAY = /^\d{4}-\d\d-\d\d$/;

/** Who did what, who looked at whom, who came in; the filter stands in the address. */
export function AuditPage() {
  const { t } = useTranslation('settings');
  const { wish } = useWish();
  const audit = useAudit(wish);
  const query = new URLSearchParams(Object.entries(wish));
  return (
    <SettingsFrame
      place="audit"
      about={t('audit.about')}
      actions={
        <>
          <Button variant="default" component="a" href={`/api/v1/audit/export?${query}`} download>
            {t('audit.asCsv')}
          </Button>
          <Button variant="default" component="a" href={`/api/v1/audit/export?format=jsonl&${query}`} download>
            {t('audit.asJson')}
          </Button>
        </>
      }
    >
      <Filter />
      <Loaded query={audit} waiting={<Waiting rows={8} height={56} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <Empty title={t('audit.none')} action={<ShowAll />}>
                {t('audit.noneAbout')}
              </Empty>
            );
          return (
            <LongList label={t('places.audit')} query={audit} items={items} rowHeight={64}>
              {(line) => <AuditRow line={line} />}
            </LongList>
          );
        }}
      </Loaded>
    </SettingsFrame>
  );
}

function Filter() {
  const { t } = useTranslation(['settings', 'shared']);
  const { search, put } = useWish();
  const operators = useOperators();
  const people = (operators.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        label={t('audit.kind')}
        value={search.get('kind') ?? ''}
        data={[{ value: '', label: t('audit.kinds.all') }, ...KINDS.map((kind) => ({ value: kind, label: t(`audit.kinds.${kind}`) }))]}
        onChange={(event) => put({ kind: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('audit.who')}
        value={search.get('actor') ?? ''}
        data={[
          { value: '', label: t('audit.everybody') },
          ...people.map(({ id, name }) => ({ value: `operator:${id}`, label: name })),
          { value: 'command line', label: t('shared:who.commandLine') },
        ]}
        onChange={(event) => put({ actor: event.currentTarget.value })}
      />
      {(['from', 'until'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={t(`audit.${end}`)}
          value={search.get(end) ?? ''}
          onChange={(event) => put({ [end]: event.currentTarget.value })}
        />
      ))}
      <div style={{ flex: '1 1 14rem' }}>
        <SearchBox
          label={t('audit.subject')}
          placeholder={t('audit.subject')}
          value={search.get('subject') ?? ''}
          onSearch={(text) => put({ subject: text })}
        />
      </div>
    </Group>
  );
}

function useWish() {
  const [search] = useSearchParams();
  const put = usePut();
  return { search, put, wish: wishIn(search) };
}

// Days are those of whoever reads: the last one is meant as a whole.
function wishIn(search: URLSearchParams): AuditWish {
  const kind = KINDS.find((one) => one === search.get('kind'));
  const [actor, subject] = [search.get('actor'), search.get('subject')];
  const day = (name: 'from' | 'until', daysOn: number): Readonly<Record<string, string>> => {
    const text = search.get(name) ?? '';
    if (!IS_DAY.test(text)) return {};
    const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
    return { [name]: new Date(year, month - 1, date + daysOn).toISOString() };
  };
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(actor === null ? {} : { actor }),
    ...(subject === null || !IS_ID.test(subject) ? {} : { subject }),
    ...day('from', 0),
    ...day('until', 1),
  };
}
