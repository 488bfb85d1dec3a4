import type { Item } from '../../contract/arriving.ts';
import type { Fields, Present } from '../../contract/records.ts';
import type { Mapping } from '../mappings.ts';
import type { Findings, Path } from '../problems.ts';
import { readItem } from './read-item.ts';
import type { Reading } from './reading.ts';
import { rowItem } from './row-item.ts';
import { itemsOf } from './tree-item.ts';

type Example = {
  readonly remote?: Fields | undefined;
  readonly arrives?: Readonly<Record<string, unknown>> | readonly unknown[] | undefined;
  readonly id?: string | undefined;
};

/** When what arrives in examples has arrived. */
const RECEIVED_AT = '9999-12-30T00:00:00.000Z';

/** What the system shows in an example: written out, or read from what arrives. Undefined when something is among the findings. */
export function shownIn(
  example: Example,
  { mapping, path, findings }: { mapping: Mapping; path: Path; findings: Findings },
): Fields | undefined {
  const { remote, arrives, id } = example;
  if (arrives === undefined) {
    if (remote === undefined) findings.add(path, 'it shows nothing', mapping.reading === undefined ? 'Add remote' : 'Add arrives');
    return remote;
  }
  const seen = readExample(mapping, arrives, (reason, advice) => findings.add([...path, 'arrives'], reason, advice));
  if (seen === null) return undefined;
  if (id !== undefined && id !== seen.id)
    findings.add([...path, 'id'], `its id is ${JSON.stringify(seen.id)}`, 'Correct the example or id');
  return seen.fields;
}

type Tell = (reason: string, advice: string) => void;

function readExample(mapping: Mapping, arrives: NonNullable<Example['arrives']>, tell: Tell): Present | null {
  const { reading } = mapping;
  if (reading === undefined) {
    tell('nothing says how records arrive', 'Add delivery or table');
    return null;
  }
  const [item, ...more] = itemsIn(reading, arrives);
  if (item === undefined || more.length > 0) {
    tell(`${more.length === 0 ? 'no record arrives' : 'several records arrive'} in it`, 'Let an example be about one record');
    return null;
  }
  const read = readItem(mapping, reading, { item, receivedAt: RECEIVED_AT });
  if (read.kind === 'seen' && read.seen.kind === 'present') return read.seen;
  tell(
    read.kind === 'refused' ? read.reason : read.kind === 'passed' ? 'it does not pass `when`' : 'it removes the record',
    'Correct the example or the mapping',
  );
  return null;
}

function itemsIn(reading: Reading, arrives: NonNullable<Example['arrives']>): readonly Item[] {
  if (reading.kind === 'delivery') return itemsOf(arrives, reading.items);
  const cells = Object.entries(arrives).map(([name, value]): readonly [string, string] => [name, value === null ? '' : String(value)]);
  return [
    rowItem(
      cells.map(([name]) => name),
      cells.map(([, cell]) => cell),
      'the row',
    ),
  ];
}
