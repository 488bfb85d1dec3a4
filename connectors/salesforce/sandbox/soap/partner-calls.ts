import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { undeleteRecord } from '../records/bin.ts';
import { convertLead } from '../records/converting.ts';
import type { Caller } from '../records/input.ts';
import { mergeRecords } from '../records/merging.ts';
import { Refusal } from '../refusal.ts';
import { shownInstant } from '../soql/select.ts';
import { eachTried, type SoapCall } from './calls.ts';
import { type Element, textOf } from './xml.ts';

const callerOf = (org: Org): Caller => ({ kind: 'api', userId: org.apiUserId, allowSave: false, autoAssign: true });
const named = (message: Element, name: string) => message.children.filter((one) => one.name === name);

function deleted(org: Org, { text }: Element) {
  const id = longId(text.trim());
  const schema = org.schema(org.objectOf(id) ?? '');
  const row = org.store.latest(schema.name, id);
  if (row?.IsDeleted !== true) throw new Refusal('INVALID_ID_FIELD', `${id} is not in the recycle bin`);
  return { schema, row };
}

function fieldsOf(record: Element) {
  const given = record.children.filter(({ name }) => !['type', 'Id', 'fieldsToNull'].includes(name));
  const nulled = named(record, 'fieldsToNull').map(({ text }) => [text.trim(), null]);
  return Object.fromEntries([...given.map(({ name, text }) => [name, text]), ...nulled]);
}

/** What only the Partner API does to records. */
export const partnerCalls: Readonly<Record<string, SoapCall>> = {
  convertLead: (org, message) =>
    eachTried(org, named(message, 'leadConverts'), (lead) => {
      const leadId = longId(textOf(lead, 'leadId') ?? '');
      const made = convertLead(
        org,
        {
          leadId,
          convertedStatus: textOf(lead, 'convertedStatus') ?? '',
          accountId: textOf(lead, 'accountId'),
          contactId: textOf(lead, 'contactId'),
          ownerId: textOf(lead, 'ownerId'),
          opportunityName: textOf(lead, 'opportunityName'),
          doNotCreateOpportunity: textOf(lead, 'doNotCreateOpportunity') === 'true',
        },
        callerOf(org),
      );
      return { ...made, leadId };
    }),
  merge: (org, message) =>
    eachTried(org, named(message, 'mergeRequests'), (request) => {
      const [master] = named(request, 'masterRecord');
      const winner = longId(master === undefined ? '' : (textOf(master, 'Id') ?? textOf(master, 'id') ?? ''));
      const losers = named(request, 'recordToMergeIds').map(({ text }) => longId(text.trim()));
      const schema = org.schema(org.objectOf(winner) ?? '');
      const fields = master === undefined ? {} : fieldsOf(master);
      const moved = mergeRecords(org, schema, { winner, losers, fields }, { caller: callerOf(org), commitAt: null });
      return { id: winner, mergedRecordIds: losers, updatedRelatedIds: moved };
    }),
  undelete: (org, message) =>
    eachTried(org, named(message, 'ids'), (id) => {
      const { schema, row } = deleted(org, id);
      undeleteRecord(org, schema, row, { caller: callerOf(org), commitAt: null });
      return { id: row.Id };
    }),
  emptyRecycleBin: (org, message) =>
    eachTried(org, named(message, 'ids'), (id) => {
      const { schema, row } = deleted(org, id);
      org.store.purge(schema.name, row.Id);
      return { id: row.Id };
    }),
  getServerTimestamp: (org) => ({ timestamp: shownInstant(org.now()).replace('+0000', 'Z') }),
  getUserInfo: (org) => ({
    organizationId: org.id,
    userId: org.apiUserId,
    userName: String(org.row('User', org.apiUserId).Username),
    userEmail: String(org.row('User', org.apiUserId).Email),
  }),
};
