import { Group, NativeSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import { useFormat } from '../format.ts';
import { Section } from '../parts/page.tsx';
import { useWho } from '../parts/who.ts';
import { Difference } from './difference.tsx';
import type { Version } from './mapping-queries.ts';

/** Any two versions beside each other: which they are stands in the address. At first, the latest and the one before it. */
export function CompareVersions({ name, versions }: { readonly name: string; readonly versions: readonly Version[] }) {
  const { t } = useTranslation('mappings');
  const [search] = useSearchParams();
  const put = usePut();
  const labelOf = useVersionLabel();
  const of = (end: 'from' | 'to', usual: Version | undefined) => versions.find(({ id }) => id === search.get(end)) ?? usual;
  const [from, to] = [of('from', versions[1]), of('to', versions[0])];
  if (from === undefined || to === undefined) return null;
  return (
    <Section title={t('versions.two')} about={t('versions.twoAbout')}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          {(
            [
              ['from', from],
              ['to', to],
            ] as const
          ).map(([end, chosen]) => (
            <NativeSelect
              key={end}
              label={t(`versions.${end}`)}
              value={chosen.id}
              data={versions.map((version) => ({ value: version.id, label: labelOf(version) }))}
              onChange={(event) => put({ from: from.id, to: to.id, [end]: event.currentTarget.value })}
              style={{ flex: '1 1 16rem', minWidth: 0 }}
            />
          ))}
        </Group>
        <Difference name={name} id={to.id} against={from.id} />
      </Stack>
    </Section>
  );
}

function useVersionLabel(): (version: Version) => string {
  const { t } = useTranslation('mappings');
  const format = useFormat();
  const who = useWho();
  return ({ createdAt, active, reason, author }) =>
    [
      format.moment(createdAt),
      ...(active ? [t('versions.active')] : []),
      reason === '' ? t('versions.by', { who: who(author) }) : reason,
    ].join(' · ');
}
