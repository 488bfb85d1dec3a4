import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { Ago } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useAct } from '../session.tsx';
import type { MappingListed } from './mapping-queries.ts';
import { useMappingTitle } from './mapping-title.ts';

/** The drafts there are, of which any can be planned together, so that they become active at the same moment. */
export function Drafts({ items }: { readonly items: readonly MappingListed[] }) {
  const { t } = useTranslation('mappings');
  const navigate = useNavigate();
  const who = useWho();
  const { title } = useMappingTitle();
  const [left, leave] = useState<readonly string[]>([]);
  const drafts = items.flatMap((item) => (item.draft === null ? [] : [{ ...item, draft: item.draft }]));
  const chosen = drafts.map(({ name }) => name).filter((name) => !left.includes(name));
  const plan = useAct(async (names: readonly string[]) => {
    const { id } = await (await api.mappings.plan.$post({ json: { names: [...names], reason: '' } })).json();
    await navigate(`/plans/${id}`);
  });
  if (drafts.length === 0) return null;
  const button = (
    <Button size="xs" loading={plan.isPending} disabled={chosen.length === 0} onClick={() => plan.mutate(chosen)}>
      {t('drafts.planTogether')}
    </Button>
  );
  return (
    <Section title={t('drafts.title')} about={t('drafts.about')} actions={button}>
      <ul className="card rows plain">
        {drafts.map((item) => (
          <li key={item.name}>
            <Group px="md" py="sm" gap="sm" wrap="nowrap" align="flex-start">
              <Checkbox
                id={`draft-${item.name}`}
                checked={!left.includes(item.name)}
                onChange={({ currentTarget: { checked } }) =>
                  leave(checked ? left.filter((name) => name !== item.name) : [...left, item.name])
                }
              />
              <div style={{ minWidth: 0 }}>
                <Text component="label" htmlFor={`draft-${item.name}`} size="sm" fw={550} className="value">
                  {title(item)}
                </Text>
                <Text size="xs" c="dimmed" className="value" component="div">
                  {item.draft.reason !== '' && `${item.draft.reason} · `}
                  {t('drafts.by', { who: who(item.draft.author) })} · <Ago at={item.draft.updatedAt} />
                </Text>
              </div>
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  );
}
