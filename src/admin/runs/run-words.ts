import { useTranslation } from 'react-i18next';
import type { Run } from '../api.ts';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';

const COUNTS = [
  'seen',
  'changed',
  'unchanged',
  'stale',
  'gone',
  'matched',
  'began',
  'ambiguous',
  'created',
  'updated',
  'held',
  'refused',
  'adopted',
  'failed',
  'retried',
  'linked',
  'sampled',
  'missing_here',
  'missing_there',
  'differing',
  'done',
  'drifted',
  'left',
] as const;
const ENDINGS = ['applied', 'noOp', 'superseded', 'held', 'refused', 'echo', 'duplicate', 'erased', 'pending'] as const;

/** What a run is, and what it came to, in words. */
export function useRunWords() {
  const { t } = useTranslation('runs');
  const format = useFormat();
  const names = useNames();
  return {
    title: ({ kind, object }: Run): string =>
      object === null ? t(`kind.${kind}`) : t('of', { kind: t(`kind.${kind}`), objects: names.objectsIn(object) }),
    /** `120 seen, 4 changed`. What only operators of the hub care about is left out. */
    counts: ({ counts, endedAt, error }: Run): string => {
      const said = COUNTS.flatMap((name) => {
        const count = counts[name] ?? 0;
        return count > 0 ? [t(`count.${name}`, { count })] : [];
      });
      const words = said.length === 0 ? t('nothingNew') : format.list(said);
      return endedAt === null && error === null ? t('underWay', { counts: words }) : words;
    },
    /** What became of everything that it saw: `12 seen = 3 applied + 9 known already`. */
    account: (account: NonNullable<Run['accounting']>): string => {
      const ends = ENDINGS.filter((end) => account[end] > 0).map((end) => t(`ending.${end}`, { count: account[end] }));
      const sum = ends.length === 0 ? format.count(0) : ends.join(' + ');
      return t('account', { accepted: format.count(account.accepted), sign: account.holds ? '=' : '≠', sum });
    },
  };
}
