import './mappings.css';
import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import { Shown } from '../parts/small.tsx';
import { ARROWS } from './document.ts';
import type { PreviewPlace } from './mapping-queries.ts';

/** A record at one system, line by line: as it is on both sides, and as it would come in and go out. */
export function PreviewedPlaceTable({ place, record }: { readonly place: PreviewPlace; readonly record: string }) {
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
