import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import type { Words } from '../language/words.ts';
import { useNames } from '../names.ts';
import { State } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import type { Tone } from '../tones.ts';
import { actNames } from './act-name.ts';
import { isRole } from './role-input.tsx';
import type { AuditLine } from './settings-queries.ts';

/** One line of the audit log: who, what, to what, from where, and what came of it. */
export function AuditRow({ line }: { readonly line: AuditLine }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const detailOf = useDetail();
  const { at, actor, actorName, address, subjects, kind } = line;
  const called = useWho();
  const who = called(actor === 'nobody' || actor === 'command line' ? actor : actorName);
  const [only] = subjects;
  const whom =
    kind === 'read' && subjects.length > 1 ? t('audit.saw', { count: subjects.length }) : 'called' in line.detail ? undefined : only;
  const details = [whom, detailOf(line.detail), address === null ? undefined : t('audit.fromAddress', { address })];
  return (
    <Group px="md" py="sm" gap="xs" align="baseline" justify="space-between">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Text size="sm" component="div">
          <Text span fw={550} className="value">
            {who}
          </Text>{' '}
          <Did line={line} />
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {details.filter((part) => part !== undefined && part !== '').join(' · ')}
        </Text>
      </div>
      <Outcome line={line} />
      <Text size="xs" c="dimmed" className="tabular" component="time" dateTime={at}>
        {format.moment(at)}
      </Text>
    </Group>
  );
}

type Act = keyof Words['settings']['audit']['acts'];

/** What was done, in words, and what that was done to, by the name that it had then; a route that has no words is told as it is. */
function Did({ line: { action, detail } }: { readonly line: AuditLine }) {
  const { t, i18n } = useTranslation('settings');
  const isSaid = (name: string): name is Act => i18n.exists(`audit.acts.${name}`, { ns: 'settings' });
  const name = actNames(action, detail).find(isSaid);
  if (name === undefined) return <code>{action}</code>;
  const act = t(`audit.acts.${name}`);
  const { called } = detail;
  return <span className="value">{typeof called === 'string' ? t('audit.actOn', { act, what: called }) : act}</span>;
}

const LEAST_REFUSED = 400;
const LEAST_FAILED = 500;

function Outcome({ line: { status } }: { readonly line: AuditLine }) {
  const { t } = useTranslation('settings');
  if (status !== null && status < LEAST_REFUSED) return null;
  const [tone, words]: readonly [Tone, string] =
    status === null ? ['wait', t('audit.unfinished')] : status < LEAST_FAILED ? ['off', t('audit.refused')] : ['bad', t('audit.failed')];
  return (
    <Text size="xs" component="div">
      <State tone={tone} words={words} />
    </Text>
  );
}

/** What else of a request is told: a role, an object, the names of fields. */
function useDetail() {
  const { t } = useTranslation();
  const names = useNames();
  return ({ role, object, fields }: AuditLine['detail']): string =>
    [
      typeof role === 'string' && isRole(role) ? t(`role.${role}`) : '',
      typeof object === 'string' ? names.objects(object) : '',
      Array.isArray(fields) ? fields.map((field) => names.field(String(field))).join(', ') : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
}
