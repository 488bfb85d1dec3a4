import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import type { LineOf } from './document.ts';
import { type PreviewOf, usePreview } from './mapping-queries.ts';

/** The record that a draft is tried on, as the address says: `record`, of the hub, or `at` and `there`, the connection and the id over there. */
export function useTried(): { readonly tried: PreviewOf | null; choose(of: PreviewOf): void } {
  const [search] = useSearchParams();
  const put = usePut();
  const [recordId, connectionId, remoteId] = [search.get('record'), search.get('at'), search.get('there')];
  const choose = (of: PreviewOf) =>
    put('recordId' in of ? { record: of.recordId, at: null, there: null } : { record: null, at: of.connectionId, there: of.remoteId });
  if (recordId !== null) return { tried: { recordId }, choose };
  return { tried: connectionId !== null && remoteId !== null ? { connectionId, remoteId } : null, choose };
}

/** What each line cannot make of the record that a draft is tried on, in sentences. */
export function useFailures(name: string, text: string, enabled: boolean): (line: LineOf) => readonly string[] {
  const { t } = useTranslation('mappings');
  const { tried } = useTried();
  const { data } = usePreview(name, text, enabled ? tried : null);
  if (tried === null || data === undefined) return () => [];
  const { as, places } = data;
  const record = as.title;
  const cells = places.flatMap(({ connection: system, lines }) => lines.map((cell) => ({ system, ...cell })));
  return (line) =>
    cells
      .filter(({ hub, remote }) => hub === line.hub && remote === line.remote)
      .flatMap(({ system, comesIn, goesOut }) => [
        ...(comesIn?.ok === false ? [t('preview.failsIn', { record, reason: comesIn.reason })] : []),
        ...(goesOut?.ok === false ? [t('preview.failsOut', { record, system, reason: goesOut.reason })] : []),
      ]);
}
