import { must } from '../../../../src/kernel/must.ts';
import { type Portal, tiesOf } from '../portal/portal.ts';
import type { End } from '../ties/associations.ts';
import { label, tie, untie } from '../ties/tying.ts';
import { personIn } from './records.ts';

type Named = { readonly object: string; readonly id: string };
type Ways = { readonly primary?: boolean; readonly labels?: readonly string[] };

/** What people do with the ties between records. */
export type TieHands = {
  /** Ties a contact to a company; `labels` are what the tie is called from then on, made where nobody has made them yet. */
  tie(contactId: string, companyId: string, ways?: Ways): void;
  untie(contactId: string, companyId: string): void;
  companiesOf(contactId: string): readonly string[];
  primaryOf(contactId: string): string | null;
  labelsOf(contactId: string, companyId: string): readonly string[];
  /** The same for records of any kind. */
  tieAny(from: Named, to: Named, ways?: Ways): void;
  untieAny(from: Named, to: Named): void;
  /** The ids of the records of this kind that a record is tied to. */
  tiedTo(from: Named, object: string): readonly string[];
};

/** The hands that tie records to each other. */
export function tiesHand(portal: Portal): TieHands {
  const { associations } = portal;
  const endOf = ({ object, id }: Named): End => ({ type: portal.types.named(object), id });
  const contact = (id: string) => ({ object: 'contacts', id });
  const company = (id: string) => ({ object: 'companies', id });
  const typeIdOf = (from: End, to: End, word: string): number => {
    const found = associations.types(from.type, to.type).find((one) => one.kind === 'label' && one.label === word);
    return (found ?? must(associations.defineLabel(from.type, to.type, { label: word, inverse: word })[0], word)).typeId;
  };
  const tieAny: TieHands['tieAny'] = (fromNamed, toNamed, { primary, labels } = {}) => {
    const [from, to] = [endOf(fromNamed), endOf(toNamed)];
    const knot = { from, to, by: personIn(portal) };
    const isPrimary = primary ?? associations.primaryOf(from, to.type) === to.id;
    const words = labels ?? associations.labelsOf(from, to);
    const primaries = isPrimary ? associations.types(from.type, to.type).filter(({ kind }) => kind === 'primary') : [];
    const typeIds = [...primaries.map(({ typeId }) => typeId), ...words.map((word) => typeIdOf(from, to, word))];
    if (isPrimary || labels !== undefined) label(portal, knot, typeIds);
    else tie(portal, knot);
  };
  const untieAny: TieHands['untieAny'] = (from, to) => untie(portal, { from: endOf(from), to: endOf(to), by: personIn(portal) });
  const tiedTo: TieHands['tiedTo'] = (from, object) => tiesOf(portal, endOf(from), portal.types.named(object)).map(({ id }) => id);
  return {
    tieAny,
    untieAny,
    tiedTo,
    tie: (contactId, companyId, ways) => tieAny(contact(contactId), company(companyId), ways),
    untie: (contactId, companyId) => untieAny(contact(contactId), company(companyId)),
    companiesOf: (contactId) => tiedTo(contact(contactId), 'companies'),
    primaryOf: (contactId) => associations.primaryOf(endOf(contact(contactId)), portal.types.named('companies')),
    labelsOf: (contactId, companyId) => associations.labelsOf(endOf(contact(contactId)), endOf(company(companyId))),
  };
}
