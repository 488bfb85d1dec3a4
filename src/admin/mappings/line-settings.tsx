import { Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isPlain, type LineOf, liveField, setting } from './document.ts';
import type { Fields } from './mapping-queries.ts';
import type { DraftActs } from './use-draft.ts';
import { ValueMap } from './value-map.tsx';

type Props = {
  readonly line: LineOf;
  readonly fields: Fields;
  readonly acts: DraftActs;
  readonly mayChange: boolean;
  readonly title: string;
};
const NULLS = ['clear', 'ignore', 'keep'] as const;
const RULES = ['newest', 'hub', 'hold', 'yield'] as const;
const UNMAPPED = ['hold', 'pass', 'ignore'] as const;

/** Everything that a line can be told besides its fields and its direction. */
export function LineSettings({ line, fields, acts, mayChange, title }: Props) {
  const { t } = useTranslation('mappings');
  const put = (name: string, to: Parameters<typeof setting>[2]) => acts.change.mutate({ edits: [setting(line.at, name, to)] });
  const rule = ruleOf(line.rule);
  const systems = [...new Set([...fields.systems.map(({ connection }) => connection), ...fields.others.map(({ connector }) => connector)])];
  const special = rule === 'order' ? [{ value: 'order', label: t('rule.order', { systems: systemsIn(line.rule) }) }] : [];
  const transform = transformOf(line.transform);
  const live = fields.systems.flatMap((one) =>
    (one.fields ?? [])
      .filter(({ name }) => !name.startsWith('_'))
      .map((field) => ({ value: field.name, label: `${field.label} (${field.name})` })),
  );
  const remotes = new Map([[line.remote, { value: line.remote, label: line.remote }], ...live.map((one) => [one.value, one] as const)]);
  return (
    <>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          size="xs"
          label={t('values.there')}
          value={line.remote}
          disabled={!mayChange}
          data={[...remotes.values()]}
          onChange={(event) => put('remote', event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          label={t('rule.name')}
          value={rule}
          disabled={!mayChange}
          data={[
            { value: '', label: t('rule.usual') },
            ...RULES.map((value) => ({ value, label: t(`rule.${value}`) })),
            ...[...new Set([...systems, ...(rule.startsWith('prefer:') ? [rule.slice(7)] : [])])].map((system) => ({
              value: `prefer:${system}`,
              label: t('rule.prefer', { system }),
            })),
            ...special,
          ]}
          onChange={({ currentTarget: { value } }) =>
            value !== 'order' && put('rule', value.startsWith('prefer:') ? { prefer: value.slice(7) } : value)
          }
        />
        <NativeSelect
          size="xs"
          label={t('nulls.name')}
          value={line.nulls}
          disabled={!mayChange}
          data={[{ value: '', label: t('nulls.usual') }, ...NULLS.map((value) => ({ value, label: t(`nulls.${value}`) }))]}
          onChange={(event) => put('nulls', event.currentTarget.value)}
        />
        {!line.ref && (
          <NativeSelect
            size="xs"
            label={t('transform.name')}
            value={transform}
            disabled={!mayChange}
            data={[
              { value: '', label: t('transform.usual') },
              ...[...new Set([...fields.transforms, ...(transform === '' ? [] : [transform])])],
            ]}
            onChange={(event) => put('transform', event.currentTarget.value)}
          />
        )}
        {line.values.length > 0 && (
          <NativeSelect
            size="xs"
            label={t('unmapped.name')}
            value={line.unmapped}
            disabled={!mayChange}
            data={[{ value: '', label: t('rule.usual') }, ...UNMAPPED.map((value) => ({ value, label: t(`unmapped.${value}`) }))]}
            onChange={(event) => put('unmapped', event.currentTarget.value)}
          />
        )}
      </Group>
      {!line.ref && (
        <ValueMap line={line} choices={liveField(fields, line.remote)?.choices ?? null} acts={acts} mayChange={mayChange} title={title} />
      )}
    </>
  );
}

const ruleOf = (rule: unknown): string => {
  if (typeof rule === 'string') return rule;
  if (!isPlain(rule)) return '';
  return typeof rule.prefer === 'string' ? `prefer:${rule.prefer}` : 'order';
};
const systemsIn = (rule: unknown): string => (isPlain(rule) && Array.isArray(rule.order) ? rule.order.map(String).join(', ') : '');
const transformOf = (transform: unknown): string =>
  typeof transform === 'string' ? transform : isPlain(transform) ? String(transform.name ?? '') : '';
