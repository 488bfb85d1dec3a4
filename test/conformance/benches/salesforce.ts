import { generateKeyPairSync } from 'node:crypto';
import { type Hand, type SalesforceSandbox, salesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

/** How people make a record of each kind, the nth of them, and in which field they edit one. */
type Kind = { readonly name: string; readonly edited: string; made(n: number, ids: IdsOf): Readonly<Record<string, string>> };
/** The ids of what is there of an object. */
type IdsOf = (object: string) => readonly string[];
/** The last ones, so that nothing hangs on the first ones, which can be deleted. */
const nth = (ids: readonly string[], n: number): string => must(ids.at(-1 - (n % ids.length)), 'a record to point at');

const KINDS: Readonly<Record<string, Kind>> = {
  company: { name: 'Account', edited: 'BillingCity', made: (n) => ({ Name: `Crowd ${n}` }) },
  contact: { name: 'Contact', edited: 'MailingCity', made: (n) => ({ LastName: `Crowd ${n}` }) },
  lead: { name: 'Lead', edited: 'City', made: (n) => ({ LastName: `Crowd ${n}`, Company: `Crowd ${n}` }) },
  campaign: {
    name: 'Campaign',
    edited: 'Type',
    made: (n, ids) => ({ Name: `Crowd ${n}`, ...(n === 0 ? {} : { ParentId: nth(ids('campaign'), 0) }) }),
  },
  deal: {
    name: 'Opportunity',
    edited: 'NextStep',
    made: (n, ids) => ({ Name: `Crowd ${n}`, StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: nth(ids('company'), n) }),
  },
  ticket: { name: 'Case', edited: 'Description', made: (n, ids) => ({ Subject: `Crowd ${n}`, ContactId: nth(ids('contact'), n) }) },
  campaign_member: {
    name: 'CampaignMember',
    edited: 'Status',
    made: (n, ids) => ({ CampaignId: nth(ids('campaign'), Math.floor(n / 10)), ContactId: nth(ids('contact'), n) }),
  },
  task: { name: 'Task', edited: 'Description', made: (n, ids) => ({ Subject: `Crowd ${n}`, WhoId: nth(ids('contact'), n) }) },
  event: {
    name: 'Event',
    edited: 'Description',
    made: (n, ids) => ({
      Subject: `Crowd ${n}`,
      StartDateTime: '2026-12-01T09:00:00Z',
      EndDateTime: '2026-12-01T10:00:00Z',
      WhoId: nth(ids('contact'), n),
    }),
  },
};
/** Records of each kind that are there from the start, beside those of the town, and that others may hang on. */
const FEW = 12;
const PAGE_SIZE = 50;
const ABOUT = ['companies', 'contacts', 'leads', 'deals', 'tickets'];

const keyPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const KEY = keyPair();

/** The sandbox with a key of the integration user, whose public half its admin has uploaded. */
const definition = {
  ...salesforceSandbox,
  credentials: { ...salesforceSandbox.credentials, username: 'integration@sandbox.example', private_key: KEY.privateKey },
  open(options: SandboxOptions): SalesforceSandbox {
    const sandbox = salesforceSandbox.open(options);
    sandbox.hand.access.trust(KEY.publicKey);
    for (const object of Object.keys(KINDS)) fill(sandbox.hand, object, livingIn(sandbox.hand, object).length + FEW);
    return sandbox;
  },
};

const kindOf = (object: string): Kind => must(KINDS[object], object);

const livingIn = ({ ids }: Hand, object: string): readonly string[] => ids(kindOf(object).name);

/** Makes records until there are so many. */
function fill(hand: Hand, object: string, count: number): void {
  const { name, made } = kindOf(object);
  for (let n = livingIn(hand, object).length; n < count; n += 1)
    hand.create(
      name,
      made(n, (of) => livingIn(hand, of)),
    );
}

function handsOn({ hand }: SalesforceSandbox): Hands {
  let edits = 0;
  return {
    all: (object) => livingIn(hand, object),
    crowd(object) {
      fill(hand, object, PAGE_SIZE * 2 + 1);
      return 'all';
    },
    edit(object) {
      const id = must(livingIn(hand, object).at(3), 'a record');
      edits += 1;
      const [field, value] = [kindOf(object).edited, `Edited ${edits}`];
      hand.edit(id, { [field]: value });
      return { id, field, value };
    },
    remove: (_object, id) => hand.remove(id),
    restore: (_object, id) => hand.undelete(id),
    erase: (_object, id) => hand.purge(id),
    takeField(object) {
      const { name, edited } = kindOf(object);
      hand.setVisible(`${name}.${edited}`, false);
      return edited;
    },
    makeChoice(object, values) {
      hand.picklist(kindOf(object).name, 'Suite_Choice__c', values);
      return 'Suite_Choice__c';
    },
    merge(_object, id, from) {
      hand.merge(id, [from]);
      return id;
    },
    unmerged: ['campaign', 'deal', 'ticket', 'campaign_member', 'task', 'event'],
  };
}

export const salesforceBench: Bench = {
  connector: 'salesforce',
  definition,
  wrong: { private_key: keyPair().privateKey },
  switches: { pageSize: PAGE_SIZE },
  people: 120,
  unwritten: {
    campaign_member:
      'a member is made of a campaign and a person for good, which no other sample can take the place of: see salesforce-objects',
  },
  slots: { ticket: ['contacts'], task: ABOUT, event: ABOUT },
  named: (name) => `${name}__c`,
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
  afterwards: { multipleAccounts: true },
  moods: [
    { crlf: true, trim: false, lowerCaseEmail: false },
    { omitDone: true, commitDelayMs: 4_000 },
    { rotateTokens: true, tokenTtlRequests: 3 },
    { tokenTtlSeconds: 1, uniqueId: false },
    { duplicateRule: 'alert' },
    { hiddenFields: 'Contact.NPS_Score__c,Contact.OwnerId,Account.Phone' },
  ],
  start: starting(definition, handsOn),
};
