import { Code, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FilePreview } from '../../api.ts';

const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;
const MOST_COLUMNS = 8;
const MOST_ROWS = 3;

const isUsual = (delimiter: string): delimiter is keyof typeof DELIMITERS => delimiter in DELIMITERS;

/** What a file holds: how it is written, its first rows, and a mapping that could read it. */
export function Preview({ preview }: { readonly preview: FilePreview }) {
  const { t } = useTranslation('connections');
  const { dialect, columns, proposal } = preview;
  const delimiter = isUsual(dialect.delimiter) ? t(`files.delimiter.${DELIMITERS[dialect.delimiter]}`) : dialect.delimiter;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {t('files.written', {
          columns: t('files.columns', { count: columns.length }),
          delimiter,
          encoding: dialect.encoding.toUpperCase(),
          header: dialect.header === 0 ? t('files.noHeader') : t('files.header', { count: dialect.header }),
        })}
      </Text>
      <FirstRows preview={preview} />
      {columns.length > MOST_COLUMNS && (
        <Text size="xs" c="dimmed">
          {t('files.moreColumns', { count: columns.length - MOST_COLUMNS })}
        </Text>
      )}
      <details>
        <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
          {t('files.proposal', { file: `mappings/${proposal.file}` })}
        </Text>
        <Code block mt="xs">
          {proposal.yaml}
        </Code>
      </details>
    </Stack>
  );
}

function FirstRows({ preview: { columns, rows } }: { readonly preview: FilePreview }) {
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table withTableBorder fz="xs">
        <Table.Thead>
          <Table.Tr>
            {columns.slice(0, MOST_COLUMNS).map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <Table.Tr key={row.join('\u0001')}>
              {columns.slice(0, MOST_COLUMNS).map((column, i) => (
                <Table.Td key={column} style={{ maxWidth: 220, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                  {row[i] ?? ''}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
