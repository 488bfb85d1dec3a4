import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RecordRow, Value } from '../api.ts';
import { useAgo, useFormat } from '../format.ts';
import { useRecord } from '../queries.ts';
import { LINK_TONES, type Tone } from '../tones.ts';

/** A time as how long ago it is; the exact moment is in its title. */
export function Ago({ at }: { readonly at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.moment(at)} className="tabular">
      {useAgo(at)}
    </time>
  );
}

/** A state: a coloured dot for the eye, and always the words. */
export function State({ tone, words }: { readonly tone: Tone; readonly words: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'baseline', gap: '0.4375rem' }}>
      <span className="dot" data-tone={tone} aria-hidden="true" />
      {words}
    </span>
  );
}

const HUES = ['#b0413e', '#2f6f9f', '#6b4fa3', '#2b7a5b', '#8a5a12', '#a03b75', '#39698a', '#5b6b1f'] as const;

/** A connector's letter on a colour that is always its own. */
export function Mark({ name }: { readonly name: string }) {
  const sum = [...name.toLowerCase()].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  return (
    <span className="mark" style={{ background: HUES[sum % HUES.length] }} aria-hidden="true">
      {[...name][0]?.toUpperCase() ?? '?'}
    </span>
  );
}

/** Says that an account is no real one. */
export function SandboxBadge({ connection }: { readonly connection: { readonly sandbox: 'ours' | 'theirs' | null } }) {
  const { t } = useTranslation();
  if (connection.sandbox === null) return null;
  return (
    <Tooltip label={t(`sandbox.${connection.sandbox}About`)}>
      <span className="chip badge">
        <span>{t(`sandbox.${connection.sandbox}`)}</span>
      </span>
    </Tooltip>
  );
}

type Link_ = RecordRow['links'][number];

/** One system that holds a record, and whether it agrees. */
export function SystemChip({ link }: { readonly link: Link_ }) {
  const { t } = useTranslation();
  const words = t(`link.${link.state}`);
  return (
    <span className="chip" title={`${link.connection.name}: ${words}${link.reason === null ? '' : `. ${link.reason}`}`}>
      <span className="dot" data-tone={LINK_TONES[link.state]} role="img" aria-label={words} />
      <span>{link.connection.name}</span>
    </span>
  );
}

const IS_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const IS_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;

/** A value as people read it; always text, whatever it holds. */
export function Shown({ value }: { readonly value: Value | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === undefined) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t('value.hidden')}</span>;
  if (value === null || value === '') return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t('value.empty')}</span>;
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return <span className="tabular">{format.number(value)}</span>;
  if (typeof value !== 'string') return <Many values={value} />;
  if (IS_ID.test(value)) return <RecordName id={value} />;
  if (IS_TIME.test(value))
    return (
      <time dateTime={value} title={value}>
        {format.moment(value)}
      </time>
    );
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return <time dateTime={value}>{format.date(value)}</time>;
  return <span className="value">{value}</span>;
}

/** Several values; records that are pointed at by their names, without the labels of how. */
function Many({ values }: { readonly values: readonly string[] }) {
  return (
    <span className="value">
      {values.map((value, place) => (
        <span key={value}>
          {place > 0 && ', '}
          <Shown value={value.split('#')[0] ?? value} />
        </span>
      ))}
    </span>
  );
}

/** The record that a value points at, by its name. */
function RecordName({ id }: { readonly id: string }) {
  const { data } = useRecord(id);
  return data === undefined ? <span className="value">{id}</span> : <RecordLink record={data} />;
}

/** Where a record's page is. */
export const pathOf = (object: string, id: string): string => `/${PATHS[object] ?? `records/${object}`}/${id}`;
const PATHS: Readonly<Record<string, string>> = { contact: 'contacts', company: 'companies', deal: 'deals' };

export function RecordLink({ record }: { readonly record: { readonly id: string; readonly object: string; readonly title: string } }) {
  return (
    <Link to={pathOf(record.object, record.id)} style={{ color: 'var(--mantine-color-anchor)' }} className="value">
      {record.title}
    </Link>
  );
}
