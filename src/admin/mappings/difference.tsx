import './mappings.css';
import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Loaded, Waiting } from '../parts/page.tsx';
import { comparedLines } from './compared-lines.ts';
import { FieldChanges } from './field-changes.tsx';
import { type MappingDifference, useDifference } from './mapping-queries.ts';

type Props = { readonly name: string; readonly id: string; readonly against: string | null };
const SIGNS = { added: '+', removed: '−', same: ' ', skipped: '⋯' } as const;

/** How a version differs from the one before it, or from another: its fields in words, and its lines of YAML. */
export function Difference({ name, id, against }: Props) {
  const { t } = useTranslation('mappings');
  const found = useDifference(name, id, against);
  return (
    <Loaded query={found} waiting={<Waiting rows={1} height={90} />}>
      {({ lines, document, before }) => {
        if (lines.length === 0)
          return (
            <Text size="sm" c="dimmed">
              {t(against === null ? 'versions.same' : 'versions.sameText')}
            </Text>
          );
        const changes = comparedLines(before, document);
        return (
          <Stack gap="sm">
            {changes !== null && <FieldChanges changes={changes} />}
            <YamlLines lines={lines} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function YamlLines({ lines }: Pick<MappingDifference, 'lines'>) {
  const { t } = useTranslation('mappings');
  return (
    <pre className="diff">
      {lines.map((line) => (
        <span key={`${line.kind} ${line.line} ${line.text}`} data-kind={line.kind}>
          <span aria-hidden="true">{SIGNS[line.kind]} </span>
          {line.kind === 'added' && <VisuallyHidden component="span">{t('versions.added')}: </VisuallyHidden>}
          {line.kind === 'removed' && <VisuallyHidden component="span">{t('versions.gone')}: </VisuallyHidden>}
          {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
