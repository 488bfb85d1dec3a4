import { must } from '../../../src/kernel/must.ts';
import { between, pick } from '../../../src/sandbox/random.ts';
import { stirPortal } from './life.ts';
import { type Portal, type Table, tableNamed } from './portal/portal.ts';
import { keep, nextTouch, touchRecord } from './records/keeping.ts';
import type { Stored } from './records/records.ts';
import { invalid } from './wire/refusal.ts';

export const NOISES = ['bulk', 'scores', 'people'] as const;
type Noise = (typeof NOISES)[number];

function livingIn({ records }: Table): readonly Stored[] {
  return [...records.all()].filter(({ archivedAt }) => archivedAt === null);
}

/** A job gives so many contacts one and the same modified date, and changes nothing else. */
export function touchAlike(portal: Portal, table: Table, records: readonly Stored[]): void {
  const at = records
    .map((record) => nextTouch(portal, record))
    .sort()
    .at(-1);
  if (at !== undefined) for (const record of records) touchRecord(portal, table, { record, at });
}

/** Scores are worked out anew: a property that nobody can write changes, and so does the modified date. */
function score(portal: Portal, table: Table, record: Stored): void {
  const properties = { ...record.properties, hubspotscore: String(between(portal.random, 0, 100)) };
  const scored = keep(portal, table, { ...record, properties });
  touchRecord(portal, table, { record: scored, at: nextTouch(portal, scored) });
}

/** Makes a noise of this kind among the contacts, and says how many it moved. */
export function makeNoise(portal: Portal, kind: string, count: number): number {
  const known: Noise | undefined = NOISES.find((one) => one === kind);
  if (known === undefined) throw invalid(`There is no noise ${kind}; there are ${NOISES.join(', ')}`);
  const table = tableNamed(portal, 'contacts');
  const living = livingIn(table);
  if (living.length === 0) return 0;
  if (known === 'bulk') {
    const touched = living.slice(0, count);
    touchAlike(portal, table, touched);
    return touched.length;
  }
  for (let n = 0; n < count; n += 1) {
    if (known === 'people') stirPortal(portal, portal.random);
    else score(portal, table, must(table.records.live(pick(portal.random, living).id), 'a contact'));
  }
  return count;
}
