import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import type { Words } from '../language/words.ts';
import { State } from '../parts/small.tsx';
import type { Tone } from '../tones.ts';
import { actName } from './act-name.ts';
import type { AuditLine } from './settings-queries.ts';

/** One line of the audit log: who, what, to what, from where, and what came of it. */
export function AuditRow({ line }: { readonly line: AuditLine }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { at, actor, actorName, address, subjects, kind } = line;
  const who = actor === 'nobody' ? t('audit.nobody') : actor === 'command line' ? t('audit.commandLine') : actorName;
  const [only] = subjects;
  const whom = kind === 'read' && subjects.length > 1 ? t('audit.saw', { count: subjects.length }) : only;
  const details = [whom, said(line.detail), address === null ? undefined : t('audit.fromAddress', { address })];
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

/** What was done in words; a route that has none is told as it is. */
function Did({ line: { action } }: { readonly line: AuditLine }) {
  const { t, i18n } = useTranslation('settings');
  const isSaid = (act: string): act is Act => i18n.exists(`audit.acts.${act}`, { ns: 'settings' });
  const act = actName(action);
  return isSaid(act) ? <span>{t(`audit.acts.${act}`)}</span> : <code>{action}</code>;
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

/** What of a request is told: roles, switches, the names of fields. */
function said(detail: AuditLine['detail']): string {
  return Object.entries(detail)
    .flatMap(([name, value]) => (typeof value === 'object' && !Array.isArray(value) ? [] : [`${name}: ${String(value)}`]))
    .join(', ');
}
