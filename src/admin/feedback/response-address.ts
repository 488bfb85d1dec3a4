import { useSearchParams } from 'react-router';
import type { ResponsesWish } from '../api.ts';

export const SHOWN = ['all', 'unmatched', 'attached', 'detached'] as const;
export type Shown = (typeof SHOWN)[number];

const NATURES = ['relationship', 'transactional', 'none'] as const;
/** What stands in the address by the name that it has in the API. */
const PASSED = [
  'surveyId',
  'recordId',
  'connectionId',
  'key',
  'question',
  'touchpoint',
  'language',
  'channel',
  'contact',
  'scoreFrom',
  'scoreTo',
  'from',
  'to',
] as const;

export type ResponseAddress = {
  readonly shown: Shown;
  readonly wish: Omit<ResponsesWish, 'cursor' | 'limit'>;
  readonly narrowed: readonly string[];
};

/** Which responses the stream shows: all of it stands in the address. */
export function useResponseAddress(): ResponseAddress {
  const [search] = useSearchParams();
  const shown = SHOWN.find((each) => each === search.get('show')) ?? 'all';
  const nature = NATURES.find((each) => each === search.get('nature'));
  const passed = PASSED.filter((name) => (search.get(name) ?? '') !== '');
  return {
    shown,
    narrowed: [...passed, ...(nature === undefined ? [] : ['nature']), ...(search.get('counted') === 'true' ? ['counted'] : [])],
    wish: {
      ...(shown === 'all' ? {} : { attachment: shown }),
      ...(nature === undefined ? {} : { nature }),
      ...(search.get('counted') === 'true' ? { counted: 'true' } : {}),
      ...Object.fromEntries(passed.map((name) => [name, search.get(name) ?? ''])),
    },
  };
}
