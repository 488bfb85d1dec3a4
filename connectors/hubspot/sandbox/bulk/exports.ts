import type { Lists } from '../lists/lists.ts';
import { type Portal, type Table, tableNamed } from '../portal/portal.ts';
import type { Stored } from '../records/records.ts';
import type { Definition } from '../schema/definitions.ts';
import { readFilter } from '../search/search-filters.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { array, object, optionalText, type Shape, text, texts } from '../wire/shapes.ts';
import { writeCsv } from './csv.ts';

const DAY_MS = 86_400_000;

export type Export = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'VIEW' | 'LIST';
  readonly table: Table;
  readonly properties: readonly string[];
  readonly askedAtMs: number;
  readonly startsAtMs: number;
  readonly rowCount: number;
  readonly csv: string;
  readonly isCanceled: boolean;
};
type State = 'PENDING' | 'PROCESSING' | 'COMPLETE' | 'CANCELED';

function matching(portal: Portal, table: Table, raw: unknown): (record: Stored) => boolean {
  if (raw === undefined || raw === null) return () => true;
  const { filters, filterGroups, query } = object(raw, 'publicCrmSearchRequest');
  const groups = [
    ...(filters === undefined ? [] : [array(filters, 'filters')]),
    ...array(filterGroups ?? [], 'filterGroups').map((one) => array(object(one, 'filterGroups[]').filters, 'filters')),
  ].map((group) => group.map((one) => readFilter(portal, table, one)));
  const words = (optionalText(query, 'query') ?? '').toLowerCase();
  return (record) =>
    (groups.length === 0 || groups.some((tests) => tests.every((test) => test(record)))) &&
    Object.values(record.properties).some((value) => value.toLowerCase().includes(words));
}

/** Options show their labels, unless internal values were asked for. */
function shownValue(definition: Definition, value: string, isInternal: boolean): string {
  if (isInternal || definition.type !== 'enumeration') return value;
  const labelOf = (one: string) => definition.options.find((option) => option.value === one)?.label ?? one;
  return value.split(';').map(labelOf).join(';');
}

/** What a portal writes into files for others to fetch: one at a time, and so many a day. */
export class Exports {
  readonly #portal: Portal;
  readonly #lists: Lists;
  #all: readonly Export[] = [];

  constructor(portal: Portal, lists: Lists) {
    this.#portal = portal;
    this.#lists = lists;
  }

  get(id: string): Export {
    const found = this.#all.find((one) => one.id === id);
    if (found === undefined) throw notFound();
    return found;
  }

  start(raw: Shape): Export {
    const nowMs = this.#portal.now().getTime();
    const { exportsPerDay, bulkStepMs } = this.#portal.switches;
    if (this.#all.filter(({ askedAtMs }) => askedAtMs > nowMs - DAY_MS).length >= exportsPerDay) {
      throw new Refusal(429, { message: `At most ${exportsPerDay} exports in 24 hours.`, category: 'RATE_LIMITS' });
    }
    if (raw.format !== 'CSV') throw invalid('This portal exports CSV only');
    const kind = raw.exportType;
    if (kind !== 'VIEW' && kind !== 'LIST') throw invalid('exportType must be VIEW or LIST');
    const table = tableNamed(this.#portal, text(raw.objectType, 'objectType'));
    const properties = texts(raw.objectProperties, 'objectProperties');
    for (const name of properties) table.schema.get(name);
    const records = this.#records(kind, table, raw);
    const internal = texts(raw.exportInternalValuesOptions, 'exportInternalValuesOptions');
    const before = this.#all.findLast(({ isCanceled }) => !isCanceled);
    const startsAtMs = Math.max(nowMs, before === undefined ? 0 : before.startsAtMs + 2 * bulkStepMs);
    const [id, name] = [String(this.#all.length + 1), text(raw.exportName, 'exportName')];
    const csv = this.#csv(table, { properties, records, internal });
    const made: Export = {
      id,
      name,
      kind,
      table,
      properties,
      askedAtMs: nowMs,
      startsAtMs,
      rowCount: records.length,
      csv,
      isCanceled: false,
    };
    this.#all = [...this.#all, made];
    return made;
  }

  #records(kind: 'VIEW' | 'LIST', table: Table, raw: Shape): readonly Stored[] {
    if (kind === 'LIST') {
      const list = this.#lists.get(text(raw.listId, 'listId'));
      return this.#lists.members(list, 'id').flatMap(({ recordId }) => table.records.live(recordId) ?? []);
    }
    const test = matching(this.#portal, table, raw.publicCrmSearchRequest);
    return [...table.records.all()].filter((record) => record.archivedAt === null && test(record));
  }

  #csv({ schema }: Table, of: { properties: readonly string[]; records: readonly Stored[]; internal: readonly string[] }): string {
    const definitions = of.properties.map((name) => schema.get(name));
    const isInternal = of.internal.includes('VALUES');
    const header = definitions.map(({ name, label }) => (of.internal.includes('NAMES') ? name : label));
    const rows = of.records.map(({ properties }) => definitions.map((one) => shownValue(one, properties[one.name] ?? '', isInternal)));
    return writeCsv([header, ...rows]);
  }

  cancel(id: string): void {
    const found = this.get(id);
    this.#all = this.#all.map((one) => (one === found ? { ...one, isCanceled: true } : one));
  }

  state({ startsAtMs, isCanceled }: Export): State {
    if (isCanceled) return 'CANCELED';
    const { bulkStepMs } = this.#portal.switches;
    const sinceMs = this.#portal.now().getTime() - startsAtMs;
    return sinceMs < bulkStepMs ? 'PENDING' : sinceMs < 2 * bulkStepMs ? 'PROCESSING' : 'COMPLETE';
  }
}
