import { Button, SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { Loaded, Page, Waiting } from '../parts/page.tsx';
import { DraftBar } from './draft-bar.tsx';
import { Editor } from './editor.tsx';
import { type Mapping, useChecked, useMapping } from './mapping-queries.ts';
import { useMappingTitle } from './mapping-title.ts';
import { textOf, useDraft } from './use-draft.ts';
import { WaitingFile } from './waiting-file.tsx';

const YamlView = lazy(async () => ({ default: (await import('./yaml-view.tsx')).YamlView }));
const VersionList = lazy(async () => ({ default: (await import('./version-list.tsx')).VersionList }));
const VIEWS = ['fields', 'yaml', 'versions'] as const;

/** One mapping: as a table of fields, as its YAML, and as it has been. */
export function MappingPage() {
  const { t } = useTranslation('mappings');
  const { name = '' } = useParams();
  const mapping = useMapping(name);
  const { title } = useMappingTitle();
  return (
    <Page
      title={mapping.data === undefined ? name : title(mapping.data)}
      about={<span className="value">{name}</span>}
      back={{ to: '/mappings', label: t('back') }}
      actions={
        mapping.data?.text != null && (
          <Button size="xs" variant="subtle" component="a" href={`/api/v1/mappings/${name}/file`} download>
            {t('export')}
          </Button>
        )
      }
      width={1280}
    >
      <Loaded query={mapping} waiting={<Waiting rows={8} height={64} />}>
        {(data) => <Opened key={name} mapping={data} />}
      </Loaded>
    </Page>
  );
}

function Opened({ mapping }: { readonly mapping: Mapping }) {
  const { t } = useTranslation('mappings');
  const [search, setSearch] = useSearchParams();
  const acts = useDraft(mapping);
  const checked = useChecked(mapping.name, textOf(mapping));
  const view = VIEWS.find((one) => one === search.get('view')) ?? 'fields';
  return (
    <>
      {mapping.waitingId !== null && <WaitingFile mapping={mapping} acts={acts} />}
      <DraftBar mapping={mapping} acts={acts} checked={checked.data} />
      <SegmentedControl
        aria-label={t('views')}
        value={view}
        onChange={(next) => setSearch(next === 'fields' ? {} : { view: next })}
        data={VIEWS.map((value) => ({ value, label: t(`view.${value}`) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <Suspense fallback={<Waiting rows={6} height={56} />}>
        {view === 'versions' ? (
          <VersionList mapping={mapping} acts={acts} />
        ) : (
          <Loaded query={checked} waiting={<Waiting rows={8} height={64} />}>
            {(found) =>
              view === 'yaml' ? (
                <YamlView mapping={mapping} acts={acts} checked={found} />
              ) : (
                <Editor mapping={mapping} acts={acts} checked={found} />
              )
            }
          </Loaded>
        )}
      </Suspense>
    </>
  );
}
