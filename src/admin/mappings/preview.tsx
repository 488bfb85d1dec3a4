import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { useRecords } from '../queries.ts';
import { type Mapping, type PreviewOf, usePreview, useRecordsThere } from './mapping-queries.ts';
import { PreviewedPlaceTable } from './previewed-place.tsx';
import { useTried } from './use-tried.ts';

type Props = { readonly mapping: Mapping; readonly text: string; readonly object: string; readonly system: string };

/** What the draft makes of a record that one can search for, in the hub or in the system. */
export function Preview({ mapping, text, object, system }: Props) {
  const { t } = useTranslation('mappings');
  const { tried, choose } = useTried();
  const [isThere, setThere] = useState(tried !== null && 'remoteId' in tried);
  return (
    <Section title={t('preview.title')} about={t('preview.about')}>
      <SegmentedControl
        aria-label={t('preview.of')}
        size="xs"
        value={isThere ? 'there' : 'hub'}
        onChange={(value) => setThere(value === 'there')}
        data={[
          { value: 'hub', label: t('preview.ofHub') },
          { value: 'there', label: t('preview.ofThere', { system }) },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {isThere ? <FindThere mapping={mapping} text={text} choose={choose} /> : <FindHere object={object} choose={choose} />}
      {tried !== null && <Previewed name={mapping.name} text={text} of={tried} />}
    </Section>
  );
}

type Choosing = { choose(of: PreviewOf): void };

function FindHere({ object, choose }: Choosing & { readonly object: string }) {
  const { t } = useTranslation('mappings');
  const [typed, setTyped] = useState('');
  const found = useRecords(object, { search: typed }, typed !== '');
  const items = found.isError
    ? []
    : found.data?.pages[0]?.items.slice(0, MOST).map(({ id, title }) => ({ key: id, title, of: { recordId: id } }));
  return (
    <Finding
      placeholder={t('preview.placeholder')}
      typed={typed}
      setTyped={setTyped}
      items={items}
      choose={choose}
      none={found.error?.message ?? t('preview.none')}
    />
  );
}
const MOST = 6;

function FindThere({ mapping, text, choose }: Choosing & Pick<Props, 'mapping' | 'text'>) {
  const { t } = useTranslation('mappings');
  const [typed, setTyped] = useState('');
  const found = useRecordsThere(mapping.name, text, typed);
  const several = mapping.connections.length > 1;
  const items = (found.isError ? [] : found.data?.items)?.map(({ connectionId, connection, remoteId, title, recordId }) => ({
    key: `${connectionId} ${remoteId}`,
    title: [title, several ? connection : '', recordId === null ? t('preview.onlyThere') : ''].filter((part) => part !== '').join(' · '),
    of: { connectionId, remoteId },
  }));
  return (
    <Finding
      placeholder={t('preview.placeholderThere')}
      typed={typed}
      setTyped={setTyped}
      items={items}
      choose={choose}
      none={found.error?.message ?? t('preview.noneThere')}
    />
  );
}

type FindingProps = Choosing & {
  readonly placeholder: string;
  readonly typed: string;
  setTyped(text: string): void;
  readonly items: readonly { readonly key: string; readonly title: string; readonly of: PreviewOf }[] | undefined;
  /** What is said where nothing was found. */
  readonly none: string;
};

function Finding({ placeholder, typed, setTyped, items, choose, none }: FindingProps) {
  const { t } = useTranslation('mappings');
  const [searches, again] = useState(0);
  return (
    <Stack gap="xs">
      <div style={{ maxWidth: '26rem' }}>
        <SearchBox key={searches} label={t('preview.search')} placeholder={placeholder} value={typed} onSearch={setTyped} />
      </div>
      {typed !== '' && items?.length === 0 && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      {typed !== '' && items !== undefined && items.length > 0 && (
        <Group gap="xs">
          {items.map(({ key, title, of }) => (
            <Button
              key={key}
              size="xs"
              variant="default"
              onClick={() => {
                choose(of);
                setTyped('');
                again(searches + 1);
              }}
            >
              <span className="value">{title}</span>
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  );
}

function Previewed({ name, text, of }: { readonly name: string; readonly text: string; readonly of: PreviewOf }) {
  const { t } = useTranslation('mappings');
  const previewed = usePreview(name, text, of);
  return (
    <Loaded query={previewed} waiting={<Waiting rows={4} height={40} />}>
      {({ as, places }) => (
        <Stack gap="md">
          {as.kind !== 'linked' && (
            <Text size="sm" className="value">
              {t(`preview.as.${as.kind}`, { reason: as.reason ?? '' })}
            </Text>
          )}
          {places.map((place) => (
            <PreviewedPlaceTable key={`${place.connection} ${place.remoteId}`} place={place} record={as.title} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}
