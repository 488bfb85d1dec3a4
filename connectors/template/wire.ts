import type { Account, FieldSchema } from '../../src/contract/connector.ts';
import { object } from '../../src/contract/raw.ts';
import { toWrite } from './to-write.ts';

// Whatever comes from outside is `unknown`, and has one parser, here. What cannot be read is `broken_answer`, as `object` throws it.

export function parseAccount(body: unknown): Account {
  const raw = object(body, 'the account');
  return toWrite(`wire.ts, parseAccount: the id and the name of the account, out of ${Object.keys(raw).join(', ')}`);
}

export function parseFields(body: unknown): readonly FieldSchema[] {
  const raw = object(body, 'the schema');
  return toWrite(`wire.ts, parseFields: each field with its type, and whether it can be written, out of ${Object.keys(raw).join(', ')}`);
}
