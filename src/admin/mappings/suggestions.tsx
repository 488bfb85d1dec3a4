import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import { Empty, Loaded, Section, Waiting } from '../parts/page.tsx';
import { Shown } from '../parts/small.tsx';
import { ARROWS } from './document.ts';
import { type Mapping, type Suggested, useSuggestedLines } from './mapping-queries.ts';
import type { DraftActs } from './use-draft.ts';

type Props = { readonly mapping: Mapping; readonly text: string; readonly acts: DraftActs; readonly mayChange: boolean };

/** Lines that could be added, with what the same records hold on both sides. */
export function Suggestions({ mapping, text, acts, mayChange }: Props) {
  const { t } = useTranslation('mappings');
  const [isWanted, want] = useState(false);
  const found = useSuggestedLines(mapping.name, text, isWanted);
  const look = (
    <Button size="xs" variant="default" onClick={() => want(true)}>
      {t('suggest.look')}
    </Button>
  );
  return (
    <Section title={t('suggest.title')} about={t('suggest.about')} actions={!isWanted && look}>
      {isWanted && (
        <Loaded query={found} waiting={<Waiting rows={3} height={88} />}>
          {({ lines, unread }) => (
            <Stack gap="xs">
              {unread !== null && (
                <Text size="sm" className="note warn value">
                  {t('suggest.unread', { reason: unread })}
                </Text>
              )}
              {lines.length === 0 ? (
                <Empty title={t('suggest.none')}>{t('suggest.noneAbout')}</Empty>
              ) : (
                <ul className="card rows plain">
                  {lines.map((line) => (
                    <li key={`${line.hub} ${line.remote}`}>
                      <Suggestion line={line} acts={acts} mayChange={mayChange} />
                    </li>
                  ))}
                </ul>
              )}
            </Stack>
          )}
        </Loaded>
      )}
    </Section>
  );
}

function Suggestion({ line, acts, mayChange }: { readonly line: Suggested; readonly acts: DraftActs; readonly mayChange: boolean }) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const { hub, remote, direction, agreeing, compared } = line;
  const numbered = line.samples.map((pair, place) => ({ ...pair, key: `sample-${place}` }));
  const value = { hub, remote, ...(direction === 'in' ? { direction } : {}) };
  return (
    <Stack gap={4} px="md" py="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} className="value">
          {remote} {ARROWS[direction]} {names.field(hub)}
        </Text>
        <Group gap="xs">
          <span className="chip">
            <span>{t(`suggest.confidence.${line.confidence}`)}</span>
          </span>
          {mayChange && (
            <Button size="xs" variant="default" onClick={() => acts.change.mutate({ edits: [{ add: ['fields'], value }] })}>
              {t('suggest.add')}
            </Button>
          )}
        </Group>
      </Group>
      <Text size="xs" c="dimmed">
        {compared === 0 ? t('suggest.noSamples') : t('suggest.agree', { agreeing, compared })}
      </Text>
      <ul className="plain" aria-label={t('suggest.samples', { field: names.field(hub) })}>
        {numbered.map((pair) => (
          <li key={pair.key}>
            <Text size="xs" component="div">
              <Shown value={pair.there} /> <span aria-hidden="true">→</span> <Shown value={pair.here} />{' '}
              <Text span size="xs" c="dimmed">
                {t(pair.agree ? 'suggest.agrees' : 'suggest.differs')}
              </Text>
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
