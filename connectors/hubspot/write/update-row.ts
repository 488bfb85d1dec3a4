import type { Update } from '../../../src/contract/records.ts';
import type { Encoded } from './encode-write.ts';
import type { Row } from './isolate.ts';

/** An update with what it says in HubSpot's words. */
export type UpdateRow = Row & Encoded & { readonly update: Update };
