import { type SalesforceSandbox, salesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

const NAMES: Readonly<Record<string, string>> = { contact: 'Contact', company: 'Account' };
const CITIES: Readonly<Record<string, string>> = { contact: 'MailingCity', company: 'BillingCity' };
const PAGE_SIZE = 50;

function handsOn({ hand }: SalesforceSandbox): Hands {
  const nameOf = (object: string) => must(NAMES[object], object);
  const living = (object: string) =>
    hand
      .all(nameOf(object))
      .filter(({ IsDeleted }) => !IsDeleted)
      .map(({ Id }) => Id);
  let edits = 0;
  return {
    all: living,
    crowd(object) {
      for (let n = living(object).length; n <= PAGE_SIZE * 2; n += 1) {
        hand.create(nameOf(object), object === 'contact' ? { LastName: `Crowd ${n}` } : { Name: `Crowd ${n}` });
      }
      return 'all';
    },
    edit(object) {
      const id = must(living(object).at(3), 'a record');
      edits += 1;
      const [field, value] = [must(CITIES[object], object), `Edited ${edits}`];
      hand.edit(id, { [field]: value });
      return { id, field, value };
    },
    remove: (_object, id) => hand.remove(id),
    restore: (_object, id) => hand.undelete(id),
    erase: (_object, id) => hand.purge(id),
    takeField(object) {
      const field = must(CITIES[object], object);
      hand.setVisible(`${nameOf(object)}.${field}`, false);
      return field;
    },
    merge(_object, id, from) {
      hand.merge(id, [from]);
      return id;
    },
  };
}

export const salesforceBench: Bench = {
  connector: 'salesforce',
  definition: salesforceSandbox,
  switches: { pageSize: PAGE_SIZE },
  people: 120,
  lackingRight: {
    switches: {},
    faults: [
      {
        on: '*',
        times: 99,
        answer: 403,
        body: [{ message: 'The REST API is not enabled for this Organization.', errorCode: 'API_DISABLED_FOR_ORG' }],
      },
    ],
  },
  unknownId: () => '003AA00000ZZZZZYAZ',
  creates: '*/composite/sobjects*',
  withoutKey: { uniqueId: false },
  moods: [
    { crlf: true, trim: false, lowerCaseEmail: false },
    { omitDone: true, commitDelayMs: 4_000 },
    { rotateTokens: true, tokenTtlRequests: 3 },
    { tokenTtlSeconds: 1, uniqueId: false },
    { duplicateRule: 'alert' },
    { hiddenFields: 'Contact.NPS_Score__c,Contact.OwnerId,Account.Phone' },
  ],
  start: starting(salesforceSandbox, handsOn),
};
