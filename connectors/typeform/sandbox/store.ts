import { randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import { FORMS, type Form } from './forms.ts';

/** What one respondent gave. What is left out was skipped. */
export type Given = {
  readonly formId: string;
  /** 0-10 for the recommendation question of the form, if it has one. */
  readonly nps?: number;
  /** 1-5. */
  readonly csat?: number;
  /** 1-7. */
  readonly ces?: number;
  readonly comment?: string;
  /** A label that is offered, or any other word. */
  readonly topic?: string;
  readonly liked?: readonly string[];
  readonly aspects?: readonly number[];
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly hidden?: Readonly<Record<string, string>>;
  readonly state?: 'started' | 'partial' | 'completed';
  readonly landedAt?: Date;
  readonly at?: Date;
  /** The person behind it, whom the API never shows. */
  readonly who?: string;
};
export type StoredResponse = {
  readonly token: string;
  readonly form: Form;
  readonly given: Given;
  readonly state: 'started' | 'partial' | 'completed';
  readonly landedAt: number;
  /** When it was submitted, or last saved while it is not. */
  readonly at: number;
  /** The order in which the vendor worked through what came in: it only grows. */
  readonly processed: number;
};

/** The responses of the account. */
export type Store = {
  formOf(id: string): Form | undefined;
  answer(given: Given): string;
  /** Submits what was begun, now, under the same token. */
  complete(formId: string, token: string, rest?: Partial<Given>): void;
  /** Deletes without a trace, as an admin can. */
  remove(formId: string, token: string): void;
  all(): readonly StoredResponse[];
  /** In the order of processing. */
  of(form: Form): readonly StoredResponse[];
};

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN_LENGTH = 20;

/** Who it was, or null when the response does not say: everybody is one person, however the responses name them. */
export function respondentOf({ given }: StoredResponse): string | null {
  const said = [given.hidden?.crm_id, given.hidden?.email, given.email, given.phone].find((value) => value !== undefined && value !== '');
  return said === undefined ? null : (given.who ?? said.trim().toLowerCase());
}

function toSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

/** An account without responses. Tokens are unique inside a form only: the same ones come again in another. */
export function openStore(seed: number, now: () => Date, tell: (response: StoredResponse) => void = () => undefined): Store {
  const byForm = new Map<string, Map<string, StoredResponse>>(FORMS.map(({ id }) => [id, new Map()]));
  const filed = new Map<string, number>();
  let processed = 0;
  const formOf = (id: string): Form | undefined => FORMS.find((form) => form.id === id);
  const heldBy = (formId: string): Map<string, StoredResponse> => {
    const held = byForm.get(formId);
    if (held === undefined) throw new Error(`there is no form ${formId}`);
    return held;
  };
  const tokenOf = (formId: string): string => {
    const nth = filed.get(formId) ?? 0;
    filed.set(formId, nth + 1);
    const random = randomFrom(seedOf(seed, nth % 50 === 0 ? `token ${nth}` : `token ${formId} ${nth}`));
    return Array.from({ length: TOKEN_LENGTH }, () => ALPHABET.charAt(Math.floor(random() * ALPHABET.length))).join('');
  };
  return {
    formOf,
    answer(given) {
      const form = formOf(given.formId);
      if (form === undefined) throw new Error(`there is no form ${given.formId}`);
      const token = tokenOf(form.id);
      const at = toSecond(given.at ?? now());
      const landedAt = given.landedAt === undefined ? at - 51_000 : toSecond(given.landedAt);
      const response = { token, form, given, state: given.state ?? 'completed', landedAt, at, processed: ++processed };
      heldBy(form.id).set(token, response);
      tell(response);
      return token;
    },
    complete(formId, token, rest = {}) {
      const response = heldBy(formId).get(token);
      if (response === undefined || response.state === 'completed') throw new Error(`response ${token} is not under way`);
      // Processed anew, so it moves to the end.
      heldBy(formId).delete(token);
      const given = { ...response.given, ...rest };
      const completed = { ...response, given, state: 'completed' as const, at: toSecond(now()), processed: ++processed };
      heldBy(formId).set(token, completed);
      tell(completed);
    },
    remove(formId, token) {
      if (!heldBy(formId).delete(token)) throw new Error(`there is no response ${token}`);
    },
    all: () => [...byForm.values()].flatMap((held) => [...held.values()]),
    of: (form) => [...heldBy(form.id).values()],
  };
}
