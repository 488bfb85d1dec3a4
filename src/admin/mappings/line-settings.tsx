import { Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import { isPlain, type Json, type LineOf, liveField, setting } from './document.ts';
import type { Fields, Problem } from './mapping-queries.ts';
import { problemsAt, saidOf } from './problems.tsx';
import { TransformSetting } from './transform-setting.tsx';
import type { DraftActs } from './use-draft.ts';
import { ValueMap } from './value-map.tsx';

type Props = {
  readonly line: LineOf;
  readonly lines: readonly LineOf[];
  readonly fields: Fields;
  readonly problems: readonly Problem[];
  readonly acts: DraftActs;
  readonly mayChange: boolean;
  readonly title: string;
};
const NULLS = ['clear', 'ignore', 'keep'] as const;
const RULES = ['newest', 'hub', 'hold', 'yield'] as const;
const UNMAPPED = ['hold', 'pass', 'ignore'] as const;
/** What has a control here, by which its mistakes are told. */
export const SETTINGS = ['hub', 'remote', 'rule', 'nulls', 'transform', 'unmapped', 'values'] as const;

/** Everything that a line can be told besides its direction, with what is wrong with it. */
export function LineSettings({ line, lines, fields, problems, acts, mayChange, title }: Props) {
  const { t } = useTranslation('mappings');
  const put = (name: string, to: Json) => acts.change.mutate({ edits: [setting(line.at, name, to)] });
  const wrong = (name: (typeof SETTINGS)[number]) => saidOf(problemsAt(problems, `fields[${line.at}].${name}`));
  const rule = ruleOf(line.rule);
  const systems = [...new Set([...fields.systems.map(({ connection }) => connection), ...fields.others.map(({ connector }) => connector)])];
  const special = rule === 'order' ? [{ value: 'order', label: t('rule.order', { systems: systemsIn(line.rule) }) }] : [];
  return (
    <>
      <Group gap="sm" align="flex-start">
        <Sides line={line} lines={lines} fields={fields} acts={acts} mayChange={mayChange} wrong={wrong} />
        <NativeSelect
          size="xs"
          label={t('rule.name')}
          value={rule}
          disabled={!mayChange}
          error={wrong('rule')}
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
          error={wrong('nulls')}
          data={[{ value: '', label: t('nulls.usual') }, ...NULLS.map((value) => ({ value, label: t(`nulls.${value}`) }))]}
          onChange={(event) => put('nulls', event.currentTarget.value)}
        />
        {!line.ref && (
          <TransformSetting
            transform={line.transform}
            all={fields.transforms}
            mayChange={mayChange}
            error={wrong('transform')}
            put={(to) => put('transform', to)}
          />
        )}
        {(line.values.length > 0 || line.unmapped !== '') && (
          <NativeSelect
            size="xs"
            label={t('unmapped.name')}
            value={line.unmapped}
            disabled={!mayChange}
            error={wrong('unmapped')}
            data={[{ value: '', label: t('rule.usual') }, ...UNMAPPED.map((value) => ({ value, label: t(`unmapped.${value}`) }))]}
            onChange={(event) => put('unmapped', event.currentTarget.value)}
          />
        )}
      </Group>
      {!line.ref && (
        <ValueMap
          line={line}
          choices={liveField(fields, line.remote)?.choices ?? null}
          problems={problems}
          acts={acts}
          mayChange={mayChange}
          title={title}
        />
      )}
    </>
  );
}

type SidesProps = Pick<Props, 'line' | 'lines' | 'fields' | 'acts' | 'mayChange'> & { wrong(name: 'hub' | 'remote'): string | null };

/** Which two fields the line is about. */
function Sides({ line, lines, fields, acts, mayChange, wrong }: SidesProps) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const live = fields.systems.flatMap((one) =>
    (one.fields ?? []).filter(({ name }) => !name.startsWith('_')).map(({ name, label }) => [name, `${label} (${name})`] as const),
  );
  const free = fields.hub.filter(({ name }) => name === line.hub || lines.every((other) => other.hub !== name));
  const here = free.map(({ name, label, type }) => [name, `${names.field(name, label)} · ${type}`] as const);
  const optionsOf = (own: string, all: readonly (readonly [string, string])[]) =>
    [...new Map([[own, own], ...all])].map(([value, label]) => ({ value, label }));
  const changeHub = (hub: string) => {
    const to = fields.hub.find(({ name }) => name === hub)?.to ?? '';
    const refers = to !== '' || line.ref ? [setting(line.at, 'ref', to)] : [];
    acts.change.mutate({ edits: [setting(line.at, 'hub', hub), ...refers] });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('values.there')}
        value={line.remote}
        disabled={!mayChange}
        error={wrong('remote')}
        data={optionsOf(line.remote, live)}
        onChange={(event) => acts.change.mutate({ edits: [setting(line.at, 'remote', event.currentTarget.value)] })}
      />
      <NativeSelect
        size="xs"
        label={t('values.here')}
        value={line.hub}
        disabled={!mayChange}
        error={wrong('hub')}
        data={optionsOf(line.hub, here)}
        onChange={(event) => changeHub(event.currentTarget.value)}
      />
    </>
  );
}

/** A rule of a line as the choices of it are named. */
export const ruleOf = (rule: unknown): string => {
  if (typeof rule === 'string') return rule;
  if (!isPlain(rule)) return '';
  return typeof rule.prefer === 'string' ? `prefer:${rule.prefer}` : 'order';
};
/** The systems that a rule puts in an order. */
export const systemsIn = (rule: unknown): string => (isPlain(rule) && Array.isArray(rule.order) ? rule.order.map(String).join(', ') : '');
