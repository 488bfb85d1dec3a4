import { Anchor, Code, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import type { ConnectionOverview, Import } from '../../api.ts';
import { Loaded, Waiting } from '../../parts/page.tsx';
import { useImports } from '../../queries.ts';
import { useMay } from '../../session.tsx';

/** The files that were imported, and what became of them. */
export function Imports({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const imports = useImports(connection.id);
  return (
    <Loaded query={imports} waiting={<Waiting rows={1} height={48} />}>
      {({ items }) =>
        items.length === 0 ? (
          <div className="note">
            <Text size="sm" component="div">
              <Trans t={t} i18nKey="files.none" values={{ name: connection.name }} components={{ code: <Code /> }} />
            </Text>
          </div>
        ) : (
          <div className="card rows">
            {items.map((one) => (
              <ImportLine key={one.id} one={one} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function ImportLine({ one }: { readonly one: Import }) {
  const { t } = useTranslation('connections');
  const maySee = useMay('steward');
  return (
    <Stack p="sm" gap={2}>
      <Text size="sm" className="tabular">
        {t('files.was', {
          file: one.file,
          rows: t('files.rows', { count: one.rows }),
          refused: t('files.end.refused', { count: one.refused }),
          state: t(`files.state.${one.state}`),
        })}
      </Text>
      {one.reason !== null && (
        <Text size="xs" c="dimmed">
          {one.reason}
        </Text>
      )}
      {maySee && one.refused > 0 && (
        <Anchor size="xs" href={`/api/v1/imports/${one.id}/errors?format=csv`} download>
          {t('files.errors')}
        </Anchor>
      )}
    </Stack>
  );
}
