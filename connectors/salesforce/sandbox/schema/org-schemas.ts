import type { Switches } from '../switches.ts';
import type { Field } from './field.ts';
import {
  customFieldFields,
  customObjectFields,
  fieldPermissionFields,
  permissionSetAssignmentFields,
  permissionSetFields,
} from './objects/access.ts';
import { accountFields, contactFields, groupFields, leadFields, organizationFields, userFields } from './objects/people.ts';
import {
  accountContactRelationFields,
  campaignFields,
  campaignMemberFields,
  caseFields,
  eventFields,
  opportunityContactRoleFields,
  opportunityFields,
  projectFields,
  taskFields,
} from './objects/work.ts';

/** An object of the org: its names, its fields by lower-cased API name, and what may be done with it. */
export type ObjectSchema = {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly writable: boolean;
  readonly mergeable: boolean;
  /** `data` objects are reached by the REST API, `setup` ones too but without bin and replication, `tooling` ones by the Tooling API alone. */
  readonly kind: 'data' | 'setup' | 'tooling';
  readonly fields: ReadonlyMap<string, Field>;
};

type Names = Omit<ObjectSchema, 'fields'>;

function names(name: string, [label, labelPlural]: readonly [string, string], keyPrefix: string, more: Partial<Names> = {}): Names {
  return { name, label, labelPlural, keyPrefix, writable: true, mergeable: false, kind: 'data', ...more };
}

const readOnlyObject = { writable: false } as const;
const mergeable = { mergeable: true } as const;
const setup = { kind: 'setup' } as const;

/** The objects of an org with these switches, by lower-cased API name. */
export function orgSchemas(switches: Switches): ReadonlyMap<string, ObjectSchema> {
  const objects: readonly (readonly [Names, readonly Field[]])[] = [
    [names('Account', ['Account', 'Accounts'], '001', mergeable), accountFields(switches)],
    ...(switches.multipleAccounts
      ? [
          [
            names('AccountContactRelation', ['Account Contact Relationship', 'Account Contact Relationship'], '07k'),
            accountContactRelationFields(),
          ] as const,
        ]
      : []),
    [names('Campaign', ['Campaign', 'Campaigns'], '701'), campaignFields()],
    [names('CampaignMember', ['Campaign Member', 'Campaign Members'], '00v'), campaignMemberFields()],
    [names('Case', ['Case', 'Cases'], '500'), caseFields()],
    [names('Contact', ['Contact', 'Contacts'], '003', mergeable), contactFields(switches)],
    [names('Event', ['Event', 'Events'], '00U'), eventFields()],
    [names('Group', ['Group', 'Groups'], '00G', { ...readOnlyObject, ...setup }), groupFields()],
    [names('Lead', ['Lead', 'Leads'], '00Q', mergeable), leadFields(switches)],
    [names('Opportunity', ['Opportunity', 'Opportunities'], '006'), opportunityFields()],
    [names('OpportunityContactRole', ['Opportunity Contact Role', 'Opportunity Contact Role'], '00K'), opportunityContactRoleFields()],
    [names('Organization', ['Organization', 'Organizations'], '00D', { ...readOnlyObject, ...setup }), organizationFields()],
    [names('Project__c', ['Project', 'Projects'], 'a00'), projectFields()],
    [names('Task', ['Task', 'Tasks'], '00T'), taskFields()],
    [names('User', ['User', 'Users'], '005', readOnlyObject), userFields()],
    [names('PermissionSet', ['Permission Set', 'Permission Sets'], '0PS', setup), permissionSetFields()],
    [
      names('PermissionSetAssignment', ['Permission Set Assignment', 'Permission Set Assignments'], '0Pa', setup),
      permissionSetAssignmentFields(),
    ],
    [names('FieldPermissions', ['Field Permissions', 'Field Permissions'], '01k', setup), fieldPermissionFields()],
    [names('CustomField', ['Custom Field', 'Custom Fields'], '00N', { kind: 'tooling' }), customFieldFields()],
    [names('CustomObject', ['Custom Object', 'Custom Objects'], '01I', { kind: 'tooling' }), customObjectFields()],
  ];
  return new Map(objects.map(([object, fields]) => [object.name.toLowerCase(), { ...object, fields: fieldMap(fields, switches) }]));
}

const FEEDBACK = /^(?:NPS|CSAT|CES|Feedback)_\w+__c$/;

function fieldMap(fields: readonly Field[], switches: Switches): ReadonlyMap<string, Field> {
  const isMade = (name: string) => (FEEDBACK.test(name) ? switches.feedbackFields : name === 'Syncline_Id__c' ? switches.uniqueId : true);
  const kept = fields.filter(({ name }) => isMade(name));
  return new Map(kept.map((one) => [one.name.toLowerCase(), one]));
}
