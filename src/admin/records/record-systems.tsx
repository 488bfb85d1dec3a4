import { Anchor, Button, Group, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type RecordDetail } from '../api.ts';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';
import { OpenIcon } from '../parts/icons.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { LINK_TONES } from '../tones.ts';

/** Why a link is not in sync, what to do, and when it goes on by itself. */
function LinkTrouble({ link }: { readonly link: RecordDetail['links'][number] }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  if (link.cause === null) return null;
  return (
    <div>
      <Text size="xs" fw={550} className="value">
        {link.cause.text}
      </Text>
      {link.reason !== null && (
        <Text size="xs" className="value">
          {link.reason}
        </Text>
      )}
      <Text size="xs">{link.cause.advice}</Text>
      {link.nextTryAt !== null && (
        <Text size="xs" c="dimmed">
          {t('nextTry', { at: format.moment(link.nextTryAt) })} {t('failedTimes', { count: link.attempts })}
        </Text>
      )}
      {link.givenUp && (
        <Text size="xs" c="dimmed">
          {t('givenUp')}
        </Text>
      )}
      <LinkActions link={link} />
    </div>
  );
}

type Action = 'retry' | 'skip' | 'exclude' | 'include';

function LinkActions({ link }: { readonly link: RecordDetail['links'][number] }) {
  const { t } = useTranslation('records');
  const mayAct = useMay('steward');
  const act = useAct(async (action: Action) => api.links[':id'][':action'].$post({ param: { id: link.id, action } }), {
    done: (action) => t(`acted.${action}`),
  });
  const actions: readonly Action[] =
    link.state === 'failing' ? ['retry', 'skip', 'exclude'] : link.cause?.id === 'left_out_by_hand' ? ['include'] : [];
  if (!mayAct || actions.length === 0) return null;
  return (
    <Group gap="xs" mt={4}>
      {actions.map((action) => (
        <Button key={action} size="compact-xs" variant="default" loading={act.isPending} onClick={() => act.mutate(action)}>
          {t(`act.${action}`)}
        </Button>
      ))}
    </Group>
  );
}

/** The systems that hold this record: its id there, whether they agree, and why it is the same record. */
export function RecordSystems({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation(['records', 'shared']);
  const names = useNames();
  if (record.links.length === 0)
    return (
      <div className="note">
        <Text size="sm">{t('noSystems')}</Text>
      </div>
    );
  return (
    <div className="card rows">
      {record.links.map((link) => {
        const told = record.explanation?.links.find((each) => each.connection === link.connection.name && each.remoteId === link.remoteId);
        return (
          <div key={link.id} style={{ padding: '0.625rem 1rem' }}>
            <Group justify="space-between" gap="xs">
              <Anchor component={Link} to={`/connections/${link.connection.id}`} size="sm" fw={550} c="inherit">
                {link.connection.name}
              </Anchor>
              <Text size="xs" component="div">
                <State tone={LINK_TONES[link.state]} words={t(`shared:link.${link.state}`)} />
              </Text>
            </Group>
            <Text size="xs" c="dimmed" className="value">
              {names.thing(link.object)} {link.remoteId ?? t('notMade')}
            </Text>
            {link.page !== null && (
              <Anchor href={link.page} target="_blank" rel="noreferrer" size="xs" lh="24px">
                {t('openThere', { system: link.connection.name })} <OpenIcon size={12} />
              </Anchor>
            )}
            {told !== undefined && (
              <Text size="xs" c="dimmed" className="value">
                {t(`evidence.began.${told.began}`, { system: link.connection.name, by: told.evidence })}
              </Text>
            )}
            {link.cause !== null && <LinkTrouble link={link} />}
            {link.sentAt !== null && (
              <Text size="xs" c="dimmed">
                <Trans t={t} i18nKey="sent" components={{ at: <Ago at={link.sentAt} /> }} />
              </Text>
            )}
          </div>
        );
      })}
    </div>
  );
}
