import './mappings.css';
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useNames } from '../names.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { Shown } from '../parts/small.tsx';
import { useRecord, useRecords } from '../queries.ts';
import { ARROWS } from './document.ts';
import { type Mapping, type PreviewPlace, usePreview } from './mapping-queries.ts';

type Props = { readonly mapping: Mapping; readonly text: string; readonly object: string };

/** What the draft makes of a record that one can search for. The record stands in the address. */
export function Preview({ mapping, text, object }: Props) {
  const { t } = useTranslation('mappings');
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState('');
  const recordId = search.get('record');
  const found = useRecords(object, { search: typed }, typed !== '');
  const items = typed === '' ? [] : (found.data?.pages[0]?.items ?? []).slice(0, 6);
  const choose = (id: string) => {
    setTyped('');
    setSearch((old) => new URLSearchParams([...[...old].filter(([name]) => name !== 'record'), ['record', id]]), { replace: true });
  };
  return (
    <Section title={t('preview.title')} about={t('preview.about')}>
      <div style={{ maxWidth: '26rem' }}>
        <SearchBox key={recordId} label={t('preview.search')} placeholder={t('preview.placeholder')} value={typed} onSearch={setTyped} />
      </div>
      {typed !== '' && found.data !== undefined && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('preview.none')}
        </Text>
      )}
      <Group gap="xs">
        {items.map((record) => (
          <Button key={record.id} size="xs" variant="default" onClick={() => choose(record.id)}>
            <span className="value">{record.title}</span>
          </Button>
        ))}
      </Group>
      {recordId !== null && <Previewed name={mapping.name} text={text} recordId={recordId} />}
    </Section>
  );
}

function Previewed({ name, text, recordId }: { readonly name: string; readonly text: string; readonly recordId: string }) {
  const names = useNames();
  const previewed = usePreview(name, text, recordId);
  const record = useRecord(recordId);
  return (
    <Loaded query={previewed} waiting={<Waiting rows={4} height={40} />}>
      {({ places }) => (
        <Stack gap="md">
          {places.map((place) => (
            <Place key={`${place.connection} ${place.remoteId}`} place={place} record={record.data?.title ?? names.nameless} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function Place({ place, record }: { readonly place: PreviewPlace; readonly record: string }) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const title = t('preview.table', { record, system: place.connection });
  const notes = [
    ...(place.remoteId === null ? [t('preview.notThere')] : []),
    ...(place.covered.in ? [] : [t('preview.excluded.in')]),
    ...(place.covered.out ? [] : [t('preview.excluded.out')]),
    ...(place.unread === null ? [] : [t('preview.unread', { reason: place.unread })]),
  ];
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} className="value">
        {title}
      </Text>
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed" className="value">
          {note}
        </Text>
      ))}
      <section className="card scroll" aria-label={title}>
        <Table fz="sm" layout="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('preview.field')}</Table.Th>
              <Table.Th>{t('preview.there')}</Table.Th>
              <Table.Th>{t('preview.comesIn')}</Table.Th>
              <Table.Th>{t('preview.here')}</Table.Th>
              <Table.Th>{t('preview.goesOut')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {place.lines.map((line) => (
              <Table.Tr key={`${line.hub} ${line.remote}`}>
                <Table.Th scope="row" fw={550}>
                  <span className="value">
                    {line.remote} {ARROWS[line.direction]} {names.field(line.hub)}
                  </span>
                </Table.Th>
                <Table.Td>{line.seen ? <Shown value={line.there} /> : <Dimmed>{t('unseen')}</Dimmed>}</Table.Td>
                <Table.Td>
                  <Came out={line.comesIn} />
                </Table.Td>
                <Table.Td>
                  <Shown value={line.here} />
                </Table.Td>
                <Table.Td>
                  <Came out={line.goesOut} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Stack>
  );
}

function Came({ out }: { readonly out: PreviewPlace['lines'][number]['comesIn'] }) {
  const { t } = useTranslation('mappings');
  if (out === null) return <Dimmed>{t('preview.still')}</Dimmed>;
  if (out.ok) return <Shown value={out.value} />;
  return (
    <Text size="xs" c="var(--mantine-color-error)" className="value">
      {out.reason}
    </Text>
  );
}

function Dimmed({ children }: { readonly children: string }) {
  return (
    <Text span size="xs" c="dimmed">
      {children}
    </Text>
  );
}
