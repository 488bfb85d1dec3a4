import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Element, Xml } from './xml.ts';

/** One call of a SOAP API: what it answers, once for each thing that was asked for. */
export type SoapCall = (org: Org, message: Element) => Xml;

/** What each of several things gave: one that is refused says so, and the others go on. */
export function eachTried(org: Org, items: readonly Element[], work: (item: Element) => { readonly [name: string]: Xml }): Xml {
  return items.map((item): Xml => {
    try {
      return { ...org.store.attempt(() => work(item)), success: true };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { errors: { fields: [...error.fields], message: error.message, statusCode: error.code }, success: false };
    }
  });
}
