import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RecordDetail, RecordRow } from '../api.ts';
import { useNames } from '../names.ts';
import { Section } from '../parts/page.tsx';
import { pathOf, RecordLink } from '../parts/small.tsx';
import { useRelated } from '../queries.ts';

const SHOWN = ['contact', 'deal', 'ticket'] as const;
const FEW = 5;

/** The records that refer to this one: the people of a company, the deals of a person. */
export function Related({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  const related = useRelated(record.id, SHOWN, FEW + 1);
  const groups = (related.data ?? []).filter(({ items }) => items.length > 0);
  if (groups.length === 0) return null;
  return (
    <Section title={t('related')}>
      <div className="card rows">
        {groups.map(({ object, items }) => (
          <Some key={object} object={object} items={items} pointsAt={record.id} />
        ))}
      </div>
    </Section>
  );
}

type SomeProps = { readonly object: string; readonly items: readonly RecordRow[]; readonly pointsAt: string };

function Some({ object, items, pointsAt }: SomeProps) {
  const { t } = useTranslation('shared');
  const names = useNames();
  const list = pathOf(object, '').replace(/\/$/, '');
  return (
    <Stack gap={2} px="md" py="xs">
      <Text size="xs" c="dimmed">
        {names.objects(object)}
      </Text>
      {items.slice(0, FEW).map((item) => (
        <Text key={item.id} size="sm" component="div">
          <RecordLink record={item} />
        </Text>
      ))}
      {items.length > FEW && !list.startsWith('/records/') && (
        <Anchor component={Link} to={`${list}?of=${pointsAt}`} size="sm" lh="24px">
          {t('showAll')}
        </Anchor>
      )}
    </Stack>
  );
}
