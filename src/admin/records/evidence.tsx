import { Anchor, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../format.ts';
import { useRuleWords } from '../parts/rule-words.ts';
import { Shown } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import type { Side, ToldField } from './told-fields.ts';

/** Why a field is what it is: where its value came from and by which rule, what gave way on the way, and what each system holds. */
export function Evidence({ field }: { readonly field: ToldField }) {
  const { t } = useTranslation('records');
  return (
    <Stack gap="sm" pt={6} pb={4}>
      {field.origin === null ? (
        <Text size="sm" c="dimmed">
          {t('evidence.never')}
        </Text>
      ) : (
        <Origin origin={field.origin} />
      )}
      {field.sides.length > 0 && (
        <Part title={t('evidence.sides')}>
          {field.sides.map((side) => (
            <SideLine key={`${side.connection} ${side.remoteId} ${side.remoteField}`} side={side} />
          ))}
        </Part>
      )}
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed" fw={550}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

function Origin({ origin }: { readonly origin: NonNullable<ToldField['origin']> }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const ruleWords = useRuleWords();
  const who = useWho();
  const source = origin.connection ?? t(origin.cause === 'unknown' ? 'evidence.before' : 'evidence.hub');
  const facts: readonly (readonly [string, string | null])[] = [
    [t('evidence.source'), `${source} · ${t(`cause.${origin.cause}`)}`],
    [t('evidence.record'), origin.remoteId],
    [t('evidence.field'), origin.remoteField],
    [t('evidence.changedThere'), origin.changedAt === null ? null : format.moment(origin.changedAt)],
    [t('evidence.takenIn'), format.moment(origin.at)],
    [t('evidence.by'), origin.actor === null ? null : who(origin.actor)],
    [t('evidence.rule'), origin.ruled === null ? origin.rule : ruleWords(origin.ruled)],
    [t('evidence.mapping'), origin.mapping],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="value">{value}</dd>
          </div>
        ),
      )}
      {origin.runId !== null && (
        <div>
          <dt>{t('evidence.run')}</dt>
          <dd className="value">
            <Anchor component={Link} to={`/runs/${origin.runId}`} inherit underline="always">
              {origin.runId}
            </Anchor>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What needs no further reason. */
const STANDS: ReadonlySet<Side['decision']> = new Set(['nothing', 'agree']);

function SideLine({ side }: { readonly side: Side }) {
  const { t } = useTranslation('records');
  return (
    <div className="note">
      <Text size="sm" fw={550} className="value">
        {side.connection}{' '}
        <Text span size="xs" c="dimmed" ff="monospace">
          {side.remoteField}
        </Text>
      </Text>
      <Text size="sm" component="div">
        <Trans t={t} i18nKey="evidence.holds" components={{ value: <Shown value={side.shown} /> }} />
      </Text>
      {side.base !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          <Trans t={t} i18nKey="evidence.agreed" components={{ value: <Shown value={side.base.remote} /> }} />
        </Text>
      )}
      {side.sent !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          <Trans t={t} i18nKey="evidence.sent" components={{ value: <Shown value={side.sent} /> }} />
        </Text>
      )}
      <Text size="xs" c="dimmed" className="value">
        {side.shown === undefined ? t('evidence.unseen') : t(`evidence.decision.${side.decision}`)}
        {STANDS.has(side.decision) ? '' : ` (${side.reason})`}
      </Text>
    </div>
  );
}
