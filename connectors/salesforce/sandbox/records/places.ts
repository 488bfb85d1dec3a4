import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Row, Value } from '../store/row.ts';

/** Countries and their states as an org has them that picks states from lists; a country without states takes none. */
const COUNTRIES: Readonly<Record<string, { readonly code: string; readonly states: Readonly<Record<string, string>> }>> = {
  'United States': { code: 'US', states: { Massachusetts: 'MA', Illinois: 'IL', Texas: 'TX', California: 'CA', 'New York': 'NY' } },
  Canada: { code: 'CA', states: { Ontario: 'ON', Quebec: 'QC' } },
  'United Kingdom': { code: 'GB', states: {} },
  Germany: { code: 'DE', states: {} },
  Japan: { code: 'JP', states: {} },
  Thailand: { code: 'TH', states: {} },
};

const noPlace = (what: 'state' | 'country', field: string, why: string) =>
  new Refusal('FIELD_INTEGRITY_EXCEPTION', `There's a problem with this ${what}, even though it may appear correct. ${why}`, {
    fields: [field],
  });

/** Text and code of state and country kept in step; what is on no list, or a state without its country, is refused. */
export function settlePlaces(org: Org, after: Row, given: ReadonlySet<string>, kinds: readonly string[]): Row {
  if (!org.switches.stateCountryPicklists) return after;
  return kinds.reduce((row, kind) => settleOne(row, given, kind), after);
}

function settleOne(row: Row, given: ReadonlySet<string>, kind: string): Row {
  const name = (part: string) => `${kind}${part}`;
  const parts = ['State', 'StateCode', 'Country', 'CountryCode'].map(name);
  if (!parts.some((part) => given.has(part))) return row;
  const chosen = (part: string): Value => {
    const [text, code] = [name(part), name(`${part}Code`)];
    return (given.has(code) ? row[code] : given.has(text) ? row[text] : (row[code] ?? row[text])) ?? null;
  };
  const [country, state] = [chosen('Country'), chosen('State')];
  const found = Object.entries(COUNTRIES).find(([text, { code }]) => same(text, country) || same(code, country));
  if (country !== null && found === undefined)
    throw noPlace('country', name('Country'), 'Please select a country/territory from the list.');
  if (state !== null && found === undefined) throw noPlace('state', name('State'), 'Please specify a country before a state.');
  const held = Object.entries(found?.[1].states ?? {}).find(([text, code]) => same(text, state) || same(code, state));
  if (state !== null && held === undefined) throw noPlace('state', name('State'), 'Please select a state from the list of valid states.');
  const codes = { [name('StateCode')]: held?.[1] ?? null, [name('CountryCode')]: found?.[1].code ?? null };
  return { ...row, ...codes, [name('State')]: held?.[0] ?? null, [name('Country')]: found?.[0] ?? null };
}

const same = (text: string, value: Value) => typeof value === 'string' && text.toLowerCase() === value.toLowerCase();
