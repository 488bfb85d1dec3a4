import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api.ts';
import { useAct } from '../session.tsx';
import type { Edit, Mapping } from './mapping-queries.ts';

type Change = { readonly edits?: readonly Edit[]; readonly text?: string; readonly reason?: string; readonly imported?: boolean };

/** The text that is shown: the draft, where there is one, else what is active. */
export const textOf = ({ draftText, text }: Mapping): string => draftText ?? text ?? '';

/** What can be done with the draft of a mapping. Each change is kept at once, on top of the one before. */
export function useDraft({ name }: Mapping) {
  const { t } = useTranslation('mappings');
  const client = useQueryClient();
  const navigate = useNavigate();
  const param = { name };
  const now = () => client.getQueryData<Mapping>(['mappings', 'one', name]);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const make = async ({ edits, text, reason, imported }: Change) => {
    // What is being read would be older than what is written here.
    await client.cancelQueries({ queryKey: ['mappings', 'one', name] });
    const before = now();
    if (before === undefined) return;
    const started = text ?? textOf(before);
    const next =
      edits === undefined
        ? started
        : (await (await api.mappings[':name'].check.$post({ param, json: { text: started, edits: [...edits] } })).json()).text;
    const why = reason ?? before.draft?.reason ?? '';
    const json = { text: next, reason: why, seen: before.draft?.updatedAt ?? null, ...(imported === true ? { imported } : {}) };
    const { updatedAt } = await (await api.mappings[':name'].draft.$put({ param, json })).json();
    client.setQueryData<Mapping>(['mappings', 'one', name], { ...before, draftText: next, draft: { author: '', reason: why, updatedAt } });
  };
  // One after the other, each on what the one before has made.
  const change = useAct((wish: Change) => {
    const mine = last.current.then(() => make(wish));
    last.current = mine.catch(() => undefined);
    return mine;
  });
  const discard = useAct(async () => api.mappings[':name'].draft.$delete({ param }), { done: () => t('draftBar.discarded') });
  const restore = useAct(async (version: string) => api.mappings[':name'].restore.$post({ param, json: { version } }), {
    done: () => t('versions.restored'),
  });
  const keep = useAct(async () => api.mappings[':name'].waiting.$delete({ param }));
  const plan = useAct(async () => {
    await last.current;
    const made = await (await api.mappings.plan.$post({ json: { names: [name], reason: now()?.draft?.reason ?? '' } })).json();
    await navigate(`/plans/${made.id}`);
  });
  return { change, discard, restore, keep, plan };
}
export type DraftActs = ReturnType<typeof useDraft>;
