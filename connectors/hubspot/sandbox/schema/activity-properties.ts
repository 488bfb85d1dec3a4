import { type Definition, readOnly, standard } from './definitions.ts';
import { stamps } from './stamps.ts';

const text = (name: string, label: string) => standard(name, label, 'string');
const body = (name: string, label: string) => standard(name, label, 'string', { fieldType: 'html' });
const choice = (name: string, label: string, options: readonly string[]) => standard(name, label, 'enumeration', { options });
const moment = (name: string, label: string) => standard(name, label, 'datetime');

const shared: readonly Definition[] = [
  moment('hs_timestamp', 'Activity date'),
  standard('hubspot_owner_id', 'Activity assigned to', 'enumeration', { externalOptions: true, referencedObjectType: 'OWNER' }),
  standard('hs_attachment_ids', 'Attached file IDs', 'string'),
  readOnly('hs_body_preview', 'Body preview', 'string'),
  readOnly('hs_body_preview_html', 'HTML Body Preview', 'string'),
  ...stamps('hs_createdate'),
];

const feedback: readonly Definition[] = [
  choice('hs_survey_type', 'Survey Type', ['NPS', 'CSAT', 'CES', 'CUSTOM']),
  text('hs_survey_name', 'Survey Name'),
  text('hs_survey_id', 'Survey ID'),
  standard('hs_value', 'Rating', 'number'),
  text('hs_content', 'Response'),
  moment('hs_submission_timestamp', 'Date submitted'),
  ...stamps('hs_createdate'),
];

/**
 * The options of `hs_task_type`, as HubSpot's tasks API spells them. The first is its value for a plain task, neither a call nor an e-mail, and marks nothing
 * that is left undone here: a sandbox that spelt it otherwise would take what HubSpot refuses.
 */
export const TASK_TYPES: readonly string[] = ['TODO', 'CALL', 'EMAIL'];

/** What each kind of activity can say, beside what all of them can. */
export const ACTIVITY_PROPERTIES: Readonly<Record<string, readonly Definition[]>> = {
  notes: [body('hs_note_body', 'Note body'), ...shared],
  tasks: [
    text('hs_task_subject', 'Task Title'),
    body('hs_task_body', 'Task Notes'),
    choice('hs_task_status', 'Task Status', ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'WAITING', 'DEFERRED']),
    choice('hs_task_priority', 'Priority', ['LOW', 'MEDIUM', 'HIGH']),
    choice('hs_task_type', 'Task Type', TASK_TYPES),
    text('hs_task_reminders', 'Task reminders'),
    ...shared,
  ],
  calls: [
    text('hs_call_title', 'Call Title'),
    body('hs_call_body', 'Call notes'),
    choice('hs_call_direction', 'Call direction', ['INBOUND', 'OUTBOUND']),
    choice('hs_call_status', 'Call status', ['COMPLETED', 'NO_ANSWER', 'BUSY', 'FAILED', 'CANCELED']),
    standard('hs_call_duration', 'Call duration', 'number'),
    text('hs_call_from_number', 'From Number'),
    text('hs_call_to_number', 'To Number'),
    ...shared,
  ],
  meetings: [
    text('hs_meeting_title', 'Meeting Title'),
    body('hs_meeting_body', 'Meeting description'),
    moment('hs_meeting_start_time', 'Start time'),
    moment('hs_meeting_end_time', 'End time'),
    text('hs_meeting_location', 'Location'),
    choice('hs_meeting_outcome', 'Meeting outcome', ['SCHEDULED', 'COMPLETED', 'RESCHEDULED', 'NO_SHOW', 'CANCELED']),
    ...shared,
  ],
  emails: [
    text('hs_email_subject', 'Email subject'),
    body('hs_email_text', 'Text body'),
    body('hs_email_html', 'HTML body'),
    choice('hs_email_direction', 'Email direction', ['EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL']),
    choice('hs_email_status', 'Email send status', ['SENT', 'BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING']),
    text('hs_email_headers', 'Email headers'),
    ...shared,
  ],
  communications: [
    choice('hs_communication_channel_type', 'Channel type', ['WHATS_APP', 'LINKEDIN_MESSAGE', 'SMS']),
    choice('hs_communication_logged_from', 'Logged from', ['CRM']),
    body('hs_communication_body', 'Body'),
    ...shared,
  ],
  feedback_submissions: feedback,
};
