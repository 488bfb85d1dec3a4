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
  const places = usePlaces().filter(({ label }) => label.toLocaleLowerCase().includes(text.toLocaleLowerCase()));
  const records = settled === '' || settled !== text ? [] : (found.data ?? []);
  const isNothing = places.length === 0 && records.length === 0;
  return (
    <Spotlight.ActionsList>
      {places.length > 0 && (
        <Spotlight.ActionsGroup label={t('palette.pages')}>
          {places.map(({ to, label, icon }) => (
            <Going key={to} to={to} label={label} leftSection={icon} />
          ))}
        </Spotlight.ActionsGroup>
      )}
      {records.length > 0 && (
        <Spotlight.ActionsGroup label={t('palette.people')}>
          {records.map((record) => (
            <RecordAction key={record.id} record={record} />
          ))}
        </Spotlight.ActionsGroup>
      )}
      {isNothing && <Spotlight.Empty>{found.isFetching ? t('shared:loading') : t('palette.nothing', { text })}</Spotlight.Empty>}
    </Spotlight.ActionsList>
  );
}

function RecordAction({ record }: { readonly record: RecordRow }) {
  const names = useNames();
  const { email, domain, phone } = record.fields;
  const about = [names.objects(record.object), email ?? domain, phone].filter((part) => typeof part === 'string' && part !== '');
  return <Going to={pathOf(record.object, record.id)} label={record.title} description={about.join(' · ')} />;
}

type GoingProps = {
  readonly to: string;
  readonly label: string;
  readonly description?: string;
  readonly leftSection?: React.ReactNode;
};

function Going({ to, ...shown }: GoingProps) {
  const navigate = useNavigate();
  return <Spotlight.Action {...shown} onClick={() => void navigate(to)} />;
}
