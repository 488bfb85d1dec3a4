import { Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useMay } from '../session.tsx';
import { Drafts } from './drafts.tsx';
import { Import } from './import.tsx';
import { type MappingListed, useMappingFolder, useMappings } from './mapping-queries.ts';
import { useMappingTitle } from './mapping-title.ts';
import { Problems } from './problems.tsx';

/** Every mapping, by what it is of. */
export function MappingsPage() {
  const { t } = useTranslation('mappings');
  const all = useMappings();
  const mayChange = useMay('admin');
  return (
    <Page title={t('title')} about={t('about')} actions={mayChange && <Import />}>
      <FolderTrouble />
      <Loaded query={all} waiting={<Waiting rows={8} height={56} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('none')} action={<NextStep to="connect" />}>
              {t('noneAbout')}
            </Empty>
          ) : (
            <>
              {mayChange && <Drafts items={items} />}
              <Listed title={t('group.mappings')} items={items.filter(({ connector }) => connector !== null)} />
              <Listed title={t('group.around')} items={items.filter(({ connector }) => connector === null)} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function FolderTrouble() {
  const { t } = useTranslation('mappings');
  const { data } = useMappingFolder();
  if (data === undefined || data.problems.length === 0) return null;
  return (
    <div className="note bad" role="alert">
      <Text size="sm" fw={600} className="value">
        {t('folderProblems', { folder: data.folder ?? '' })}
      </Text>
      <Problems problems={data.problems} withFile />
    </div>
  );
}

function Listed({ title, items }: { readonly title: string; readonly items: readonly MappingListed[] }) {
  if (items.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      <ul className="card rows plain">
        {items.map((item) => (
          <li key={item.name}>
            <Row item={item} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function Row({ item }: { readonly item: MappingListed }) {
  const { t } = useTranslation('mappings');
  const { title } = useMappingTitle();
  const who = useWho();
  const { version, draft, connections } = item;
  const about = [
    item.lines === null ? null : t('lines', { count: item.lines }),
    item.connector === null ? null : connections.length === 0 ? t('notConnected') : connections.map((one) => one.name).join(', '),
    version === null ? null : t('changed', { who: who(version.author) }),
  ];
  return (
    <Link to={`/mappings/${item.name}`} className="row-link">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550} className="value">
            {title(item)}
          </Text>
          <Text size="xs" c="dimmed" className="value">
            {about.filter((part) => part !== null).join(' · ')}
          </Text>
        </div>
        <Stack gap={2} align="flex-end" flex="0 0 auto">
          <Text size="xs" component="div">
            {item.waitingId !== null ? <State tone="bad" words={t('waits')} /> : draft !== null && <State tone="wait" words={t('draft')} />}
          </Text>
          {version !== null && (
            <Text size="xs" c="dimmed">
              <Ago at={version.createdAt} />
            </Text>
          )}
        </Stack>
      </Group>
    </Link>
  );
}
