import { Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RecordRow } from '../api.ts';
import { useNames } from '../names.ts';
import { SearchIcon } from '../parts/icons.tsx';
import { pathOf } from '../parts/small.tsx';
import { useFound } from '../queries.ts';
import { lateness, noteGoneTo } from './gone-to.ts';
import { distanceOf, FAR, nearestFirst } from './nearest.ts';
import { palette } from './palette-store.ts';
import { usePlaces } from './places.tsx';

const SETTLED_MS = 150;

/** The keyboard's way to every page and every record. */
export function Palette() {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  return (
    <Spotlight.Root
      store={palette.store}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      scrollable
      maxHeight={420}
      size="lg"
      aria-label={t('palette.title')}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
        leftSection={<SearchIcon size={18} />}
        data-autofocus
      />
      <Found text={text.trim()} />
    </Spotlight.Root>
  );
}

function Found({ text }: { readonly text: string }) {
  const { t } = useTranslation(['shell', 'shared']);
  const [settled] = useDebouncedValue(text, SETTLED_MS);
  const found = useFound(settled);
  const usedOf = lateness();
  const near = usePlaces().filter(({ label }) => distanceOf(text, [label]) < FAR);
  const places = nearestFirst(text, near, { textsOf: ({ label }) => [label], usedOf: ({ to }) => usedOf(to) });
  const hits = settled === '' || settled !== text ? [] : (found.data ?? []);
  const records = nearestFirst(text, hits, { textsOf, usedOf: ({ object, id }) => usedOf(pathOf(object, id)) });
  const isNothing = places.length === 0 && records.length === 0;
  const first = records[0] === undefined ? null : distanceOf(text, textsOf(records[0]));
  const areRecordsNearer = first !== null && (places[0] === undefined || first < distanceOf(text, [places[0].label]));
  // Enter goes to what stands on top, also where that has come a moment later; unless somebody has moved on by then.
  const isMoved = palette.store.getState().selected > 0;
  const top = text === '' || isMoved ? undefined : areRecordsNearer ? records[0]?.id : places[0]?.to;
  const groups = [
    <Spotlight.ActionsGroup key="pages" label={t('palette.pages')}>
      {places.map(({ to, label, icon }) => (
        <Going key={to} to={to} label={label} leftSection={icon} isTop={to === top} />
      ))}
    </Spotlight.ActionsGroup>,
    <Spotlight.ActionsGroup key="records" label={t('palette.people')}>
      {records.map((record) => (
        <RecordAction key={record.id} record={record} isTop={record.id === top} />
      ))}
    </Spotlight.ActionsGroup>,
  ];
  const shown = groups.filter((_, at) => (at === 0 ? places : records).length > 0);
  return (
    <Spotlight.ActionsList key={areRecordsNearer ? 'records first' : 'pages first'}>
      {areRecordsNearer ? shown.toReversed() : shown}
      {isNothing && <Spotlight.Empty>{found.isFetching ? t('shared:loading') : t('palette.nothing', { text })}</Spotlight.Empty>}
    </Spotlight.ActionsList>
  );
}

/** What a record is known by. */
const textsOf = ({ title, fields: { email, domain, phone } }: RecordRow): readonly string[] =>
  [title, email, domain, phone].filter((one) => typeof one === 'string');

function RecordAction({ record, isTop }: { readonly record: RecordRow; readonly isTop: boolean }) {
  const names = useNames();
  const { email, domain, phone } = record.fields;
  const about = [names.objects(record.object), email ?? domain, phone].filter((part) => typeof part === 'string' && part !== '');
  return <Going to={pathOf(record.object, record.id)} label={record.title} description={about.join(' · ')} isTop={isTop} />;
}

type GoingProps = {
  readonly to: string;
  readonly label: string;
  readonly isTop: boolean;
  readonly description?: string;
  readonly leftSection?: React.ReactNode;
};

function Going({ to, isTop, ...shown }: GoingProps) {
  const navigate = useNavigate();
  return (
    <Spotlight.Action
      {...shown}
      {...(isTop ? { 'data-selected': true } : {})}
      onClick={() => {
        noteGoneTo(to);
        void navigate(to);
      }}
    />
  );
}
