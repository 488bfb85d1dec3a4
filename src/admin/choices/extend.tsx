import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import type { FailureGroup, Hold, LackingField } from '../api.ts';
import { useNames } from '../names.ts';
import { type FieldThere, useMissingChoices } from './choice-queries.ts';

const ExtendDialog = lazy(async () => ({ default: (await import('./extend-dialog.tsx')).ExtendDialog }));

/** The cause by which values are held that no choice stands for. */
const LACKS_CHOICE = 'choice_unknown';

/** The dialog by which a list over there is extended, where the address names its field. */
export function Extending() {
  const [search] = useSearchParams();
  const put = usePut();
  const there = fieldIn(search.get('extend'));
  if (there === null) return null;
  return (
    <Suspense fallback={null}>
      <ExtendDialog there={there} onClose={() => put({ extend: null })} />
    </Suspense>
  );
}

const nameOf = ({ connection, object, field }: LackingField): string => [connection.id, object, field].join('/');

function fieldIn(text: string | null): FieldThere | null {
  const [connectionId, object, ...rest] = text?.split('/') ?? [];
  return connectionId === undefined || object === undefined || rest.length === 0 ? null : { connectionId, object, field: rest.join('/') };
}

/** The way to extend the list that a value is missing in. */
export function ExtendFor({ hold }: { readonly hold: Hold }) {
  const { data } = useMissingChoices();
  const isHere = ({ connection, object, hubField }: LackingField) =>
    connection.id === hold.connection?.id && object === hold.object && hubField === hold.field;
  if (hold.cause.id !== LACKS_CHOICE) return null;
  return data?.items.filter(isHere).map((field) => <Extend key={nameOf(field)} field={field} words="openFor" />);
}

/** The ways to extend all lists that values are missing in. */
export function ExtendAll({ group }: { readonly group: FailureGroup }) {
  const { data } = useMissingChoices();
  if (group.cause.id !== LACKS_CHOICE) return null;
  return data?.items.map((field) => <Extend key={nameOf(field)} field={field} words="openAll" />);
}

function Extend({ field, words }: { readonly field: LackingField; readonly words: 'openFor' | 'openAll' }) {
  const { t } = useTranslation('choices');
  const names = useNames();
  const put = usePut();
  if (field.needs === null) return null;
  const said = { system: field.connection.name, field: names.field(field.hubField, field.label) };
  return (
    <Button size="xs" variant="default" onClick={() => put({ extend: nameOf(field) })}>
      {t(words, said)}
    </Button>
  );
}
