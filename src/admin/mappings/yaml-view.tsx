import './mappings.css';
import { Stack, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session.tsx';
import type { Checked, Mapping } from './mapping-queries.ts';
import { type DraftActs, textOf } from './use-draft.ts';
import { YamlLines } from './yaml-lines.tsx';

const SETTLED_MS = 700;

/** The document as it is written, each mistake at its line. What is typed is kept when the typing pauses. */
export function YamlView({ mapping, acts, checked }: { readonly mapping: Mapping; readonly acts: DraftActs; readonly checked: Checked }) {
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
  const area = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const lines = typed.split('\n');
  const count = lines.length;
  const goTo = (line: number) => {
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('yamlAbout')}
      </Text>
      <div className="yaml-frame">
        <YamlLines count={count} problems={checked.problems} scrolled={scrolled} goTo={goTo} />
        <textarea
          ref={area}
          className="yaml"
          aria-label={t('yaml', { name: mapping.name })}
          aria-invalid={checked.problems.length > 0}
          value={typed}
          readOnly={!mayChange}
          spellCheck={false}
          rows={Math.min(60, Math.max(16, count + 1))}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            keep(event.currentTarget.value);
          }}
        />
      </div>
    </Stack>
  );
}
