import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type Hold } from '../api.ts';
import { useNames } from '../names.ts';
import { useAct, useMay } from '../session.tsx';
import { linesOf } from './document.ts';
import { useMappings } from './mapping-queries.ts';

/** Makes a rule of a decision: a draft of the mapping in which one side wins for this field, with the reason filled in. Nothing is decided by it. */
export function Always({ hold, wins }: { readonly hold: Hold; readonly wins: 'hub' | 'remote' }) {
  const { t } = useTranslation(['mappings', 'shared']);
  const navigate = useNavigate();
  const names = useNames();
  const mayChange = useMay('admin');
  const { data: all = [] } = useMappings();
  const { connection, field } = hold;
  const mapping = all.findLast((one) => one.object === hold.object && one.connections.some(({ id }) => id === connection?.id));
  const system = wins === 'hub' ? t('shared:product') : (connection?.name ?? '');
  const words = { system, field: names.field(field ?? '', hold.label ?? undefined) };
  const make = useAct(
    async (name: string) => {
      const param = { name };
      const { text, draftText, draft } = await (await api.mappings[':name'].$get({ param })).json();
      const before = draftText ?? text ?? '';
      const { document } = await (await api.mappings[':name'].check.$post({ param, json: { text: before } })).json();
      const line = (linesOf(document) ?? []).find(({ hub }) => hub === field);
      if (line === undefined) throw new Error(t('noFieldsAbout'));
      const to = wins === 'hub' ? 'hub' : { prefer: connection?.name ?? '' };
      const json = { text: before, edits: [{ set: ['fields', line.at, 'rule'], to }] };
      const changed = await (await api.mappings[':name'].check.$post({ param, json })).json();
      const reason = [draft?.reason ?? '', t('alwaysReason', words)].filter((part) => part !== '').join(' ');
      await api.mappings[':name'].draft.$put({ param, json: { text: changed.text, reason, seen: draft?.updatedAt ?? null } });
      await navigate(`/mappings/${name}?q=${encodeURIComponent(field ?? '')}`);
    },
    { done: () => t('alwaysDone') },
  );
  if (!mayChange || mapping === undefined || field === null || connection === null) return null;
  return (
    <Button size="xs" variant="subtle" loading={make.isPending} onClick={() => make.mutate(mapping.name)}>
      {t('always', words)}
    </Button>
  );
}
