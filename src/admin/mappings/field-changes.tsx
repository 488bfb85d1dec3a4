import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import type { Compared, LineChange } from './compared-lines.ts';
import { ARROWS, type LineOf, transformIn } from './document.ts';
import { ruleOf, systemsIn } from './line-settings.tsx';

/** What two versions say differently of the fields, in words. */
export function FieldChanges({ changes }: { readonly changes: readonly LineChange[] }) {
  const { t } = useTranslation('mappings');
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('versions.sameFields')}
      </Text>
    );
  return (
    <ul className="card rows plain" aria-label={t('versions.fieldChanges')}>
      {changes.map((change) => (
        <li key={`${change.hub} ${change.before?.at} ${change.after?.at}`}>
          <FieldChange change={change} />
        </li>
      ))}
    </ul>
  );
}

function FieldChange({ change: { hub, before, after, what } }: { readonly change: LineChange }) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const said = useSaid();
  const pair = after ?? before;
  return (
    <div style={{ padding: '0.625rem 1rem' }}>
      <Text size="sm" fw={550} className="value">
        {names.field(hub)}
        {before === null && ` · ${t('versions.added')}`}
        {after === null && ` · ${t('versions.gone')}`}
      </Text>
      {what.length === 0 && pair !== null && (
        <Text size="sm" c="dimmed" className="value">
          {pair.remote} {arrowOf(pair)} {hub}
        </Text>
      )}
      {before !== null &&
        after !== null &&
        what.map((name) => (
          <Text key={name} size="sm" className="value">
            {t('versions.became', { what: said.name(name), before: said.value(name, before), after: said.value(name, after) })}
          </Text>
        ))}
    </div>
  );
}

const isArrow = (direction: string): direction is keyof typeof ARROWS => Object.hasOwn(ARROWS, direction);
const arrowOf = ({ direction }: LineOf): string => (isArrow(direction) ? ARROWS[direction] : direction);

/** What the settings of a line are called, and what each of them says, as the editor says it. */
function useSaid() {
  const { t, i18n } = useTranslation(['mappings', 'shared']);
  const chosen = (setting: 'direction' | 'nulls' | 'unmapped' | 'rule', value: string): string => {
    const key = `${setting}.${value === '' ? 'usual' : value}`;
    if (setting === 'unmapped' && value === '') return t('rule.usual');
    const word: unknown = i18n.getResource(i18n.language, 'mappings', key);
    return typeof word === 'string' ? word : value;
  };
  const rule = (value: unknown): string => {
    const kind = ruleOf(value);
    if (kind === 'order') return t('rule.order', { systems: systemsIn(value) });
    return kind.startsWith('prefer:') ? t('rule.prefer', { system: kind.slice(7) }) : chosen('rule', kind);
  };
  const transform = (value: unknown): string => {
    const { name, told } = transformIn(value);
    return name === '' ? t('transform.usual') : [name, ...Object.values(told)].join(' ');
  };
  return {
    name: (name: Compared): string => (name === 'remote' ? t('values.there') : name === 'ref' ? t('versions.refers') : t(`${name}.name`)),
    value: (name: Compared, line: LineOf): string => {
      switch (name) {
        case 'remote':
          return line.remote;
        case 'rule':
          return rule(line.rule);
        case 'transform':
          return transform(line.transform);
        case 'values':
          return line.values.length === 0 ? t('versions.noValues') : line.values.map(([here, there]) => `${here} = ${there}`).join(', ');
        case 'ref':
          return t(line.ref ? 'shared:value.yes' : 'shared:value.no');
        default:
          return chosen(name, line[name]);
      }
    },
  };
}
