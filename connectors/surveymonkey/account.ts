import type { Account, Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { isRaw, object, text } from '../../src/contract/raw.ts';
import { ask } from './client.ts';

type Scopes = { readonly available: readonly string[] | null; readonly granted: readonly string[] | null };

function names(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((name) => name !== '');
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : null;
}

/** What the plan has to offer and what the app was granted: in the body, else in the headers that come with every answer. */
function scopesIn(scopes: unknown, headers: Headers): Scopes {
  const raw = isRaw(scopes) ? scopes : {};
  return {
    available: names(raw.available) ?? names(headers.get('x-oauth-scopes-available')),
    granted: names(raw.granted) ?? names(headers.get('x-oauth-scopes-granted')),
  };
}

const NEEDED = ['surveys_read', 'responses_read', 'responses_read_detail'];

/** A scope that the plan offers was not ticked; one that it does not offer, or no longer, costs another plan. */
function assertGranted({ available, granted }: Scopes, plan: string | null): void {
  const beyond = NEEDED.filter((name) => available?.includes(name) === false);
  const unticked = NEEDED.filter((name) => granted?.includes(name) === false && !beyond.includes(name));
  if (beyond.length + unticked.length === 0) return;
  const parts = [
    ...(unticked.length === 0
      ? []
      : [`the app was not granted ${unticked.join(', ')}: tick it in the settings of the app, and sign in again`]),
    ...(beyond.length === 0 ? [] : [`the plan of the account${plan === null ? '' : ` (${plan})`} does not include ${beyond.join(', ')}`]),
  ];
  throw new HubError('not_allowed', `SurveyMonkey shows no answers: ${parts.join('; ')}`, { code: beyond.length > 0 ? '1015' : '1014' });
}

/** The test call: whose token it is, on which plan, and whether it may read answers at all. Its day ends at midnight of Greenwich. */
export async function whoAmI(session: Session): Promise<Account> {
  const { body, headers } = await ask(session, '/users/me');
  const raw = object(body, 'the account');
  const id = text(raw.id);
  if (id === null) throw new HubError('broken_answer', 'the account has no id');
  const plan = text(raw.account_type);
  assertGranted(scopesIn(raw.scopes, headers), plan);
  const name = text(raw.username) ?? text(raw.email) ?? `SurveyMonkey user ${id}`;
  return { id, name: plan === null ? name : `${name} (${plan})`, timeZone: 'UTC' };
}
