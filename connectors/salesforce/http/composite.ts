import type { Call, Client } from './client.ts';
import { callError } from './errors.ts';
import { parseComposite, parseErrors, type Subanswer } from './wire.ts';

export type { Subanswer } from './wire.ts';

/** Several calls in one: an answer for each, in order. Each stands for itself. */
export async function composite(client: Client, calls: readonly Call[]): Promise<readonly Subanswer[]> {
  const compositeRequest = calls.map(({ method, path, body, headers }, i) => ({
    ...{ method, url: client.root + path, referenceId: `part${i}` },
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { httpHeaders: headers }),
  }));
  const { body } = await client.send({ method: 'POST', path: '/composite', body: { allOrNone: false, compositeRequest } });
  const answers = parseComposite(body);
  return calls.flatMap((_call, i) => answers.get(`part${i}`) ?? []);
}

/** What one of the calls was answered; throws what it was refused with. */
export function bodyOf({ status, body, what }: Subanswer): unknown {
  if (status < 300) return body;
  throw callError({ what, status, retryAfter: null, servedAt: null }, parseErrors(body), body);
}
