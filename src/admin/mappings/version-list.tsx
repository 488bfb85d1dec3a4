import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useMay } from '../session.tsx';
import { CompareVersions } from './compare-versions.tsx';
import { Difference } from './difference.tsx';
import { type Mapping, useVersions, type Version } from './mapping-queries.ts';
import type { DraftActs } from './use-draft.ts';

type Props = { readonly mapping: Mapping; readonly acts: DraftActs };

/** The versions of a mapping, with what each has changed, by whom, and why. */
export function VersionList({ mapping, acts }: Props) {
  const { t } = useTranslation('mappings');
  const versions = useVersions(mapping.name);
  return (
    <Loaded query={versions} waiting={<Waiting rows={4} height={72} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <Empty title={t('versions.none')} action={<NextStep to="mappings" />}>
              {t('versions.noneAbout')}
            </Empty>
          );
        return (
          <Stack gap="sm">
            <ul className="card rows plain">
              {items.map((version) => (
                <li key={version.id}>
                  <VersionRow version={version} name={mapping.name} acts={acts} />
                </li>
              ))}
            </ul>
            <More query={versions} />
            <CompareVersions name={mapping.name} versions={items} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function VersionRow({ version, name, acts }: { readonly version: Version; readonly name: string; readonly acts: DraftActs }) {
  const { t } = useTranslation('mappings');
  const [isOpen, setOpen] = useState(false);
  const mayChange = useMay('admin');
  const who = useWho();
  const marks = [
    ...(version.active ? [t('versions.active')] : []),
    ...(version.activatedAt === null ? [t('versions.waits')] : []),
    ...(version.removed ? [t('versions.removed')] : []),
  ];
  return (
    <Stack gap="xs" px="md" py="sm">
      <Group justify="space-between" gap="xs">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Text size="sm" fw={550} className="value">
            {version.reason === '' ? t('versions.noReason') : version.reason}
          </Text>
          <Text size="xs" c="dimmed" className="value" component="div">
            {t('versions.by', { who: who(version.author) })} · {t(`versions.origin.${version.origin}`)} · <Ago at={version.createdAt} />
          </Text>
        </div>
        {marks.length > 0 && <span className="chip">{marks.join(' · ')}</span>}
        <Group gap="xs">
          <Button size="xs" variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t(isOpen ? 'versions.hide' : 'versions.compare')}
          </Button>
          {!version.active && mayChange && (
            <Button size="xs" variant="default" loading={acts.restore.isPending} onClick={() => acts.restore.mutate(version.id)}>
              {t('versions.restore')}
            </Button>
          )}
        </Group>
      </Group>
      {isOpen && <Difference name={name} id={version.id} against={null} />}
    </Stack>
  );
}
