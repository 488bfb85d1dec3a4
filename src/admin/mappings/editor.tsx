import { usePut } from '../address.ts';
import './mappings.css';
import { Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Empty, Loaded, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { useMay } from '../session.tsx';
import { AddLine } from './add-line.tsx';
import { hubOf, type LineOf, linesOf } from './document.ts';
import { LineRow } from './line-row.tsx';
import { type Checked, type Fields, type Mapping, useFields } from './mapping-queries.ts';
import { useMappingTitle } from './mapping-title.ts';
import { Preview } from './preview.tsx';
import { Suggestions } from './suggestions.tsx';
import type { DraftActs } from './use-draft.ts';
import { useFailures } from './use-tried.ts';

type Props = { readonly mapping: Mapping; readonly acts: DraftActs; readonly checked: Checked };

/** The table of fields: the system on one side, the hub in the middle, and the other systems on the far side. */
export function Editor({ mapping, acts, checked }: Props) {
  const { t } = useTranslation('mappings');
  const fields = useFields(mapping.name, hubOf(checked.document));
  const lines = linesOf(checked.document);
  if (checked.document === null) return <Empty title={t('view.yaml')}>{t('broken')}</Empty>;
  if (lines === null || mapping.kind === 'response') return <Empty title={t('view.yaml')}>{t('onlyYaml')}</Empty>;
  return (
    <Loaded query={fields} waiting={<Waiting rows={8} height={64} />}>
      {(live) => <Table mapping={mapping} acts={acts} checked={checked} lines={lines} fields={live} />}
    </Loaded>
  );
}

type TableProps = Props & { readonly lines: readonly LineOf[]; readonly fields: Fields };

function Table({ mapping, acts, checked, lines, fields }: TableProps) {
  const { t } = useTranslation('mappings');
  const [search] = useSearchParams();
  const put = usePut();
  const { system } = useMappingTitle();
  const mayChange = useMay('admin');
  const mayTry = useMay('steward');
  const wanted = search.get('q') ?? '';
  const shown = lines.filter((line) => fits(line, fields, wanted.toLocaleLowerCase()));
  const text = checked.text;
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const failures = useFailures(mapping.name, text, mayTry);
  const removeLine = (at: number) => {
    acts.change.mutate({ edits: [{ remove: ['fields', at] }] });
    setOpen(new Set([...open].filter((one) => one !== at).map((one) => (one > at ? one - 1 : one))));
  };
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Group gap="xs">
          <div style={{ flex: '1 1 16rem', maxWidth: '26rem' }}>
            <SearchBox label={t('search')} placeholder={t('searchPlaceholder')} value={wanted} onSearch={(q) => put({ q })} />
          </div>
        </Group>
        {fields.systems.every((one) => one.fields === null) && (
          <Text size="sm" c="dimmed">
            {t('noSchema')}
          </Text>
        )}
        {shown.length === 0 ? (
          <Empty title={t('noFields')}>{t('noFieldsAbout')}</Empty>
        ) : (
          <div className="card">
            <div className="map-line map-head" aria-hidden="true">
              <span className="value">{t('there', { system: system(mapping.connector ?? '') })}</span>
              <span>{t('direction.name')}</span>
              <span>{t('here')}</span>
              <span>{t('elsewhere')}</span>
              <span />
            </div>
            <ul className="rows plain">
              {shown.map((line) => (
                <li key={line.at}>
                  <LineRow
                    line={line}
                    lines={lines}
                    fields={fields}
                    problems={checked.problems}
                    acts={acts}
                    mayChange={mayChange}
                    tried={failures(line)}
                    isOpen={open.has(line.at)}
                    setOpen={(isOpen) => setOpen(new Set(isOpen ? [...open, line.at] : [...open].filter((one) => one !== line.at)))}
                    remove={() => removeLine(line.at)}
                  />
                </li>
              ))}
            </ul>
          </div>
        )}
        {mayChange && <AddLine lines={lines} fields={fields} acts={acts} />}
      </Stack>
      {mayTry && <Suggestions mapping={mapping} text={text} acts={acts} mayChange={mayChange} />}
      {mayTry && fields.hubObject !== null && (
        <Preview mapping={mapping} text={text} object={fields.hubObject} system={system(mapping.connector ?? '')} />
      )}
    </Stack>
  );
}

function fits(line: LineOf, fields: Fields, wanted: string): boolean {
  if (wanted === '') return true;
  const here = fields.hub.find(({ name }) => name === line.hub);
  const there = fields.systems.flatMap((one) => one.fields?.find(({ name }) => name === line.remote) ?? []);
  const words = [
    line.hub,
    line.remote,
    here?.label ?? '',
    ...there.flatMap(({ label, choices }) => [label, ...(choices ?? []).map((one) => one.label)]),
  ];
  return [...words, ...line.values.flat()].some((word) => word.toLocaleLowerCase().includes(wanted));
}
