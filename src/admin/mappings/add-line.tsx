import './mappings.css';
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import type { LineOf } from './document.ts';
import type { Fields } from './mapping-queries.ts';
import type { DraftActs } from './use-draft.ts';

/** A new line, of fields that have none yet. */
export function AddLine({ lines, fields, acts }: { readonly lines: readonly LineOf[]; readonly fields: Fields; readonly acts: DraftActs }) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const [[hub, remote], choose] = useState(['', '']);
  const here = fields.hub.filter(({ name }) => lines.every((line) => line.hub !== name));
  const live = fields.systems.flatMap((one) => one.fields ?? []);
  const there = new Map(live.filter(({ name }) => lines.every((line) => line.remote !== name)).map((field) => [field.name, field]));
  const field = there.get(remote);
  const mark = (one: (typeof live)[number]) => [...(one.required ? [t('required')] : []), ...(one.writable ? [] : [t('readOnly')])];
  const ref = fields.hub.find(({ name }) => name === hub)?.to;
  return (
    <form
      className="card add-line"
      aria-label={t('add')}
      onSubmit={(event) => {
        event.preventDefault();
        const value = {
          ...{ hub, remote },
          ...(ref == null ? {} : { ref }),
          ...(field?.writable === false ? { direction: 'in' } : {}),
        };
        acts.change.mutate({ edits: [{ add: ['fields'], value }] });
        choose(['', '']);
      }}
    >
      <Group gap="sm" align="flex-end">
        {live.length === 0 ? (
          <TextInput size="xs" label={t('values.there')} value={remote} onChange={(event) => choose([hub, event.currentTarget.value])} />
        ) : (
          <NativeSelect
            size="xs"
            label={t('values.there')}
            value={remote}
            data={[
              { value: '', label: t('choose') },
              ...[...there.values()].map((one) => ({
                value: one.name,
                label: [`${one.label} (${one.name})`, one.type, ...mark(one)].join(' · '),
              })),
            ]}
            onChange={(event) => choose([hub, event.currentTarget.value])}
          />
        )}
        <NativeSelect
          size="xs"
          label={t('values.here')}
          value={hub}
          data={[
            { value: '', label: t('choose') },
            ...here.map((one) => ({ value: one.name, label: `${names.field(one.name, one.label)} · ${one.type}` })),
          ]}
          onChange={(event) => choose([event.currentTarget.value, remote])}
        />
        <Button size="xs" variant="default" type="submit" disabled={hub === '' || remote === ''} title={t('addAbout')}>
          {t('adding')}
        </Button>
      </Group>
    </form>
  );
}
