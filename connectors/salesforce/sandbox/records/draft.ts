import type { Row } from '../store/row.ts';
import type { Caller } from './input.ts';

/** A write on its way: what was there, what is to be there, and the fields that the request named. */
export type Draft = { readonly before: Row | null; readonly after: Row; readonly given: ReadonlySet<string>; readonly caller: Caller };
