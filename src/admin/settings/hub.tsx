import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { State } from '../parts/small.tsx';
import { useMay } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';
import { type Finding, useAbout, useDoctor } from './settings-queries.ts';

/** What this is, and whether everything that it needs is well. */
export function HubPage() {
  const { t } = useTranslation('settings');
  const isAdmin = useMay('admin');
  return (
    <SettingsFrame place="hub" about={t('hub.about')}>
      {isAdmin && <Doctor />}
      <About />
    </SettingsFrame>
  );
}

function Doctor() {
  const { t } = useTranslation('settings');
  const doctor = useDoctor();
  return (
    <Section title={t('hub.doctor')}>
      <Loaded query={doctor} waiting={<Waiting rows={1} height={280} />}>
        {({ findings }) => (
          <ul className="card rows plain">
            {findings.map((finding) => (
              <li key={finding.check}>
                <FindingRow finding={finding} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation('settings');
  const { check, ok } = finding;
  return (
    <Group px="md" py="sm" gap="sm" align="baseline">
      <Text size="sm" component="div" flex="0 0 11rem">
        <State tone={ok ? 'good' : 'bad'} words={t(`hub.checks.${check}`)} />
      </Text>
      <Text size="sm" c="dimmed" className="value" flex="1 1 14rem">
        {useTold(finding)}
        {!ok && ` ${t(`hub.advice.${check}`)}`}
      </Text>
    </Group>
  );
}

const GB = 1024 ** 3;

/** What a finding tells in the reader's words. */
function useTold({ check, figure }: Finding): string {
  const { t } = useTranslation('settings');
  const format = useFormat();
  switch (check) {
    case 'clock':
      return t('hub.told.clock', { ms: format.count(Number(figure)) });
    case 'workers':
      return figure === '' ? t('hub.told.noWorkers') : t('hub.told.workers', { when: format.moment(figure) });
    case 'keys':
      return t(figure === '0' ? 'hub.told.keys' : 'hub.told.keysClosed', { number: figure });
    case 'disk':
      return figure === '' ? t('hub.told.elsewhere') : t('hub.told.disk', { gb: format.count(Math.floor(Number(figure) / GB)) });
    case 'connections':
      return figure === '' ? t('hub.told.connections') : t('hub.told.ill', { names: figure });
    default:
      return figure;
  }
}

const MB = 1024 ** 2;

function About() {
  const { t } = useTranslation(['settings', 'shared']);
  const format = useFormat();
  const about = useAbout();
  return (
    <Section title={t('shared:product')}>
      <Loaded query={about} waiting={<Waiting rows={1} height={120} />}>
        {({ version, licence, runtime, database, bytes, changes, isCounted }) => (
          <dl className="card facts" style={{ padding: '1rem' }}>
            <Fact name={t('hub.version')} value={version} />
            <Fact name={t('hub.licence')} value={licence} />
            <Fact name={t('hub.runtime')} value={runtime} />
            <Fact name={t('hub.checks.database')} value={database} />
            <Fact name={t('hub.size')} value={t('hub.megabytes', { mb: format.count(Math.ceil(bytes / MB)) })} />
            <Fact
              name={t('hub.changes')}
              value={isCounted ? format.count(changes) : t('hub.aboutChanges', { changes: format.count(changes) })}
            />
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="value">{value}</dd>
    </div>
  );
}
