import type { Spot, Step } from './cell.ts';

/** The places of the flow where a process can be stopped, by step. */
export const SPOTS: readonly (Spot & { readonly step: Step; readonly where: string })[] = [
  {
    step: 'moved',
    where: 'before the lease is taken',
    gate: 'postgres',
    on: /update "connection" set "fence" = fence \+ 1/,
    when: 'before',
  },
  {
    step: 'moved',
    where: 'lease taken, not yet known',
    gate: 'postgres',
    on: /update "connection" set "fence" = fence \+ 1/,
    when: 'after',
  },
  { step: 'observe', where: 'page asked for (HubSpot)', gate: 'hubspot', on: /^POST .*contacts\/search /, when: 'after' },
  { step: 'observe', where: 'page asked for (Salesforce)', gate: 'salesforce', on: /^GET .*\/query.*Contact/, when: 'after' },
  { step: 'observe', where: 'before observations are stored', gate: 'postgres', on: /insert into observation \(/, when: 'before' },
  { step: 'observe', where: 'before their commit', gate: 'postgres', on: /insert into observation \(/, when: 'before commit' },
  { step: 'observe', where: 'after their commit', gate: 'postgres', on: /insert into observation \(/, when: 'after commit' },
  { step: 'reconcile', where: 'before records are written', gate: 'postgres', on: /insert into record \(/, when: 'before' },
  { step: 'reconcile', where: 'before the journal is written', gate: 'postgres', on: /insert into change \(/, when: 'before' },
  { step: 'reconcile', where: 'before the commit', gate: 'postgres', on: /insert into record \(/, when: 'before commit' },
  { step: 'reconcile', where: 'after the commit', gate: 'postgres', on: /insert into record \(/, when: 'after commit' },
  {
    step: 'carry out',
    where: 'before what is sent is noted',
    gate: 'postgres',
    on: /update link l set sent = s\.sent/,
    when: 'before commit',
  },
  { step: 'carry out', where: 'noted, and not sent', gate: 'postgres', on: /update link l set sent = s\.sent/, when: 'after commit' },
  { step: 'carry out', where: 'before creates arrive (HubSpot)', gate: 'hubspot', on: /^POST .*contacts\/batch\/create /, when: 'before' },
  { step: 'carry out', where: 'creates done, no answer (HubSpot)', gate: 'hubspot', on: /^POST .*contacts\/batch\/create /, when: 'after' },
  { step: 'carry out', where: 'before updates arrive (HubSpot)', gate: 'hubspot', on: /^POST .*contacts\/batch\/update /, when: 'before' },
  { step: 'carry out', where: 'updates done, no answer (HubSpot)', gate: 'hubspot', on: /^POST .*contacts\/batch\/update /, when: 'after' },
  {
    step: 'carry out',
    where: 'before creates arrive (Salesforce)',
    gate: 'salesforce',
    on: /^PATCH .*\/Contact\/Syncline_Id__c /,
    when: 'before',
  },
  {
    step: 'carry out',
    where: 'creates done, no answer (Salesforce)',
    gate: 'salesforce',
    on: /^PATCH .*\/Contact\/Syncline_Id__c /,
    when: 'after',
  },
  {
    step: 'carry out',
    where: 'before updates arrive (Salesforce)',
    gate: 'salesforce',
    on: /^PATCH .*\/composite\/sobjects /,
    when: 'before',
  },
  {
    step: 'carry out',
    where: 'updates done, no answer (Salesforce)',
    gate: 'salesforce',
    on: /^PATCH .*\/composite\/sobjects /,
    when: 'after',
  },
  {
    step: 'carry out',
    where: 'before the outcome is stored',
    gate: 'postgres',
    on: /update link l set remote_id = s\.remote_id/,
    when: 'before',
  },
  {
    step: 'carry out',
    where: 'before its commit',
    gate: 'postgres',
    on: /update link l set remote_id = s\.remote_id/,
    when: 'before commit',
  },
  {
    step: 'carry out',
    where: 'after its commit',
    gate: 'postgres',
    on: /update link l set remote_id = s\.remote_id/,
    when: 'after commit',
  },
  { step: 'follow', where: 'before answers are filed', gate: 'postgres', on: /insert into response \(/, when: 'before commit' },
  { step: 'follow', where: 'answers filed, not rolled up', gate: 'postgres', on: /insert into response \(/, when: 'after commit' },
  { step: 'follow', where: 'scores written, no answer (Salesforce)', gate: 'salesforce', on: /^PATCH .*NPS_Score__c/, when: 'after' },
];

/** One spot for each step, for those whom the exact place does not concern. */
export const ONE_A_STEP = [
  'lease taken, not yet known',
  'before their commit',
  'before the commit',
  'creates done, no answer (HubSpot)',
  'answers filed, not rolled up',
].map((where) => {
  const spot = SPOTS.find((one) => one.where === where);
  if (spot === undefined) throw new Error(`there is no spot "${where}"`);
  return spot;
});
