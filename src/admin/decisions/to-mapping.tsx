import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Hold } from '../api.ts';
import { useMappings } from '../mappings/mapping-queries.ts';
import { useMay } from '../session.tsx';

/** The way to the line of the mapping that a value does not fit through: there it is turned into another one, or the field is left out. */
export function ToMapping({ hold }: { readonly hold: Hold }) {
  const { t } = useTranslation('decisions');
  const mayChange = useMay('admin');
  const { data: all = [] } = useMappings();
  const { connection, field, object } = hold;
  const mapping = all.findLast((one) => one.object === object && one.connections.some(({ id }) => id === connection?.id));
  if (!mayChange || mapping === undefined || field === null) return null;
  return (
    <Button size="xs" variant="subtle" component={Link} to={`/mappings/${mapping.name}?q=${encodeURIComponent(field)}`}>
      {t(hold.cause.id === 'choice_unknown' ? 'mapValue' : 'toMapping')}
    </Button>
  );
}
