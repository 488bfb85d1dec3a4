import './mappings.css';
import { Stack, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session.tsx';
import type { Checked, Mapping } from './mapping-queries.ts';
import { type DraftActs, textOf } from './use-draft.ts';

const SETTLED_MS = 700;

/** The document as it is written. What is typed is kept when the typing pauses. */
export function YamlView({ mapping, acts }: { readonly mapping: Mapping; readonly acts: DraftActs; readonly checked: Checked }) {
  const { t } = useTranslation('mappings');
  const mayChange = useMay('admin');
  const kept = textOf(mapping);
  const [typed, setTyped] = useState(kept);
  // What was changed elsewhere, as by going back to a version, shows here as well.
  const [lastKept, setLastKept] = useState(kept);
  useEffect(() => {
    if (kept === lastKept) return;
    if (typed === lastKept) setTyped(kept);
    setLastKept(kept);
  }, [kept, lastKept, typed]);
  const keep = useDebouncedCallback((text: string) => acts.change.mutate({ text }), { delay: SETTLED_MS, flushOnUnmount: true });
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('yamlAbout')}
      </Text>
      <textarea
        className="yaml"
        aria-label={t('yaml', { name: mapping.name })}
        value={typed}
        readOnly={!mayChange}
        spellCheck={false}
        rows={Math.min(60, Math.max(16, typed.split('\n').length + 1))}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          keep(event.currentTarget.value);
        }}
      />
    </Stack>
  );
}
