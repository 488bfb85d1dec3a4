import { VisuallyHidden } from '@mantine/core';
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import type { Change } from '../api.ts';
import { useNames } from '../names.ts';
import { Ago, Shown } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';

/** One change of a record: each field with what it was and became, by whom, and what gave way. */
export function ChangeLine({ change }: { readonly change: Change }) {
  const { t } = useTranslation(['records', 'shared']);
  const names = useNames();
  const who = useWho();
  const source = [sourceOf(change, t), ...(change.actorName === null ? [] : [who(change.actorName)])].join(' · ');
  return (
    <div className="row">
      <div className="apart">
        <span className="said strong value">{change.conflict ? t('oneGaveWay', { what: source }) : source}</span>
        <span className="dim">
          <Ago at={change.at} />
        </span>
      </div>
      {change.fields.map((field) => (
        <div key={field.field} className="said">
          <span className="dimmed">{names.field(field.field, field.label)}: </span>
          <Shown value={field.old} /> <span aria-hidden="true">→</span>
          <VisuallyHidden component="span"> {t('shared:value.became')} </VisuallyHidden> <Shown value={field.new} />
          {field.lost !== null && (
            <span className="dim">
              {' '}
              <Trans t={t} i18nKey="lost" values={{ by: field.lost.byName }} components={{ value: <Shown value={field.lost.value} /> }} />
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

function sourceOf({ cause, connection }: Change, t: TFunction<['records', 'shared']>): string {
  return connection === null ? t(`cause.${cause}`) : t('causeIn', { cause: t(`cause.${cause}`), name: connection.name });
}
