import { Anchor, Button, Code, FileInput, Group, Progress, Select, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { type ConnectionOverview, type FilePreview, type Import, type Rehearsal, sendFile } from '../api.ts';
import { useImports } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { many } from '../words.ts';
import { Loaded, Section, Waiting } from './page.tsx';

type FilesProps = { readonly connection: ConnectionOverview };

const ABOUT =
  'A list or an export as CSV. Look at it first: nothing is stored before you say so. Cut off in the midst and given again, an import goes on where it was.';

/** Files that are given to a connection: looked at, tried, imported, and what became of those before. */
export function Files({ connection }: FilesProps) {
  const mayImport = useMay('steward');
  return (
    <Section title="Files" about={ABOUT}>
      <Stack gap="md">
        {mayImport && <Upload connection={connection} />}
        <Imports connection={connection} />
      </Stack>
    </Section>
  );
}

function Upload({ connection }: FilesProps) {
  const [file, setFile] = useState<File | null>(null);
  const objects = connection.streams.map(({ object }) => object);
  const [object, setObject] = useState<string | null>(null);
  const about = { id: connection.id, ...(object === null ? {} : { object }) };
  const chosen = file ?? new File([], '');
  const look = useAct(() => sendFile<FilePreview>('preview', chosen, about), { quiet: true });
  const attempt = useAct(() => sendFile<Rehearsal>('dry', chosen, about), { quiet: true });
  const run = useAct(() => sendFile<Import>('import', chosen, about), { quiet: true, done: () => 'The file is imported' });
  const isBusy = look.isPending || attempt.isPending || run.isPending;
  const refused = look.error ?? attempt.error ?? run.error;
  const choose = (next: File | null) => {
    setFile(next);
    for (const one of [look, attempt, run]) one.reset();
    if (next !== null) setTimeout(() => look.mutate(undefined));
  };
  return (
    <Stack className="card" p="md" gap="sm">
      <Group gap="sm" align="end">
        <FileInput
          label="File"
          placeholder="Choose a CSV file"
          accept=".csv,.tsv,.txt,text/csv"
          clearable
          clearButtonProps={{ 'aria-label': 'Take the file away' }}
          value={file}
          onChange={choose}
          miw={240}
        />
        {objects.length > 1 && (
          <Select
            label="Holds"
            placeholder="As the mapping says"
            clearable
            clearButtonProps={{ 'aria-label': 'As the mapping says' }}
            data={objects}
            value={object}
            onChange={setObject}
            disabled={isBusy}
          />
        )}
      </Group>
      {refused !== null && (
        <Text size="sm" c="red" role="alert">
          {refused.message}
        </Text>
      )}
      {look.data !== undefined && <Seen preview={look.data} />}
      {attempt.data !== undefined && <Tried tried={attempt.data} />}
      {run.isPending && <Progress value={100} animated aria-label="The file is imported" />}
      {file !== null && (
        <Group gap="xs">
          <Button size="xs" variant="default" loading={attempt.isPending} disabled={isBusy} onClick={() => attempt.mutate(undefined)}>
            Try it without storing anything
          </Button>
          <Button size="xs" loading={run.isPending} disabled={isBusy} onClick={() => run.mutate(undefined)}>
            Import
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
const MOST_COLUMNS = 8;
const MOST_ROWS = 3;

function Seen({ preview: { dialect, columns, rows, proposal } }: { readonly preview: FilePreview }) {
  const header =
    dialect.header === 0
      ? 'no row names the columns'
      : dialect.header === 1
        ? 'the first row names the columns'
        : `${dialect.header} rows name the columns`;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {many(columns.length, 'column')} between {DELIMITERS[dialect.delimiter] ?? dialect.delimiter}, in {dialect.encoding.toUpperCase()};{' '}
        {header}.
      </Text>
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
      {columns.length > MOST_COLUMNS && (
        <Text size="xs" c="dimmed">
          and {many(columns.length - MOST_COLUMNS, 'column')} more
        </Text>
      )}
      <details>
        <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
          A mapping that could read it, to keep as mappings/{proposal.file}
        </Text>
        <Code block mt="xs">
          {proposal.yaml}
        </Code>
      </details>
    </Stack>
  );
}

function Tried({ tried }: { readonly tried: Rehearsal }) {
  const { rows, made, changed, unchanged, removed, refused, held, untold, missing, errors } = tried;
  return (
    <Stack gap={4} role="status">
      <Text size="sm" className="tabular">
        {many(rows, 'row')}: {made} new, {changed} changed, {unchanged} unchanged, {removed} removed, {refused} refused;{' '}
        {many(held, 'value')} would be held. Nothing was stored.
      </Text>
      {untold && <Text size="sm">The mapping names no id, so rows are told by their content: an edited row makes another record.</Text>}
      {missing.length > 0 && <Text size="sm">The file lacks columns that the mapping names: {missing.join(', ')}.</Text>}
      {errors.slice(0, 20).map(({ line, field, reason }) => (
        <Text key={`${line} ${field}`} size="xs" c="dimmed">
          Line {line}
          {field === '' ? '' : `, ${field}`}: {reason}
        </Text>
      ))}
    </Stack>
  );
}

const STATES: Readonly<Record<Import['state'], string>> = { running: 'is being read', done: 'done', cut_off: 'cut off' };

function Imports({ connection }: FilesProps) {
  const imports = useImports(connection.id);
  const maySee = useMay('steward');
  return (
    <Loaded query={imports} waiting={<Waiting rows={1} height={48} />}>
      {({ items }) =>
        items.length === 0 ? (
          <div className="note">
            No file was imported yet. A terminal does it as well: syncline import list.csv --into {connection.name}
          </div>
        ) : (
          <div className="card rows">
            {items.map((one) => (
              <Stack key={one.id} p="sm" gap={2}>
                <Text size="sm" className="tabular">
                  {one.file}: {many(one.rows, 'row')}, {one.refused} refused, {STATES[one.state]}
                </Text>
                {one.reason !== null && (
                  <Text size="xs" c="dimmed">
                    {one.reason}
                  </Text>
                )}
                {maySee && one.refused > 0 && (
                  <Anchor size="xs" href={`/api/v1/imports/${one.id}/errors?format=csv`} download>
                    The rows that could not be read, as CSV
                  </Anchor>
                )}
              </Stack>
            ))}
          </div>
        )
      }
    </Loaded>
  );
}
