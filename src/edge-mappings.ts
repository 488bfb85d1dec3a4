import benchmarksText from '../mappings/benchmarks.yaml';
import csvContact from '../mappings/csv.contact.yaml';
import hubText from '../mappings/hub.yaml';
import hubspotCall from '../mappings/hubspot.call.yaml';
import hubspotCompany from '../mappings/hubspot.company.yaml';
import hubspotContact from '../mappings/hubspot.contact.yaml';
import hubspotDeal from '../mappings/hubspot.deal.yaml';
import hubspotEmail from '../mappings/hubspot.email.yaml';
import hubspotFeedback from '../mappings/hubspot.feedback.yaml';
import hubspotMeeting from '../mappings/hubspot.meeting.yaml';
import hubspotNote from '../mappings/hubspot.note.yaml';
import hubspotSegment from '../mappings/hubspot.segment.yaml';
import hubspotTask from '../mappings/hubspot.task.yaml';
import hubspotTicket from '../mappings/hubspot.ticket.yaml';
import questionproResponse from '../mappings/questionpro.response.yaml';
import questionproTicket from '../mappings/questionpro.ticket.yaml';
import salesforceCampaign from '../mappings/salesforce.campaign.yaml';
import salesforceCampaignMember from '../mappings/salesforce.campaign_member.yaml';
import salesforceCompany from '../mappings/salesforce.company.yaml';
import salesforceContact from '../mappings/salesforce.contact.yaml';
import salesforceDeal from '../mappings/salesforce.deal.yaml';
import salesforceEvent from '../mappings/salesforce.event.yaml';
import salesforceFeedback from '../mappings/salesforce.feedback.yaml';
import salesforceLead from '../mappings/salesforce.lead.yaml';
import salesforceSegment from '../mappings/salesforce.segment.yaml';
import salesforceTask from '../mappings/salesforce.task.yaml';
import salesforceTicket from '../mappings/salesforce.ticket.yaml';
import surveymonkeyResponse from '../mappings/surveymonkey.response.yaml';
import typeformResponse from '../mappings/typeform.response.yaml';
import webhookResponse from '../mappings/webhook.response.yaml';
import { parseBenchmarks } from './mapping/benchmarks.ts';
import { parseHub } from './mapping/hub.ts';
import { type Mapping, type Mappings, streamName } from './mapping/mappings.ts';
import { parseMapping } from './mapping/parse.ts';
import { describeProblem, type MappingProblem } from './mapping/problems.ts';

// The edge has no files: what it knows of mappings was put into its bundle, so a change of them takes a deployment.
const BUNDLED: Readonly<Record<string, string>> = {
  'csv.contact.yaml': csvContact,
  'hubspot.call.yaml': hubspotCall,
  'hubspot.company.yaml': hubspotCompany,
  'hubspot.contact.yaml': hubspotContact,
  'hubspot.deal.yaml': hubspotDeal,
  'hubspot.email.yaml': hubspotEmail,
  'hubspot.feedback.yaml': hubspotFeedback,
  'hubspot.meeting.yaml': hubspotMeeting,
  'hubspot.note.yaml': hubspotNote,
  'hubspot.segment.yaml': hubspotSegment,
  'hubspot.task.yaml': hubspotTask,
  'hubspot.ticket.yaml': hubspotTicket,
  'questionpro.response.yaml': questionproResponse,
  'questionpro.ticket.yaml': questionproTicket,
  'salesforce.campaign.yaml': salesforceCampaign,
  'salesforce.campaign_member.yaml': salesforceCampaignMember,
  'salesforce.company.yaml': salesforceCompany,
  'salesforce.contact.yaml': salesforceContact,
  'salesforce.deal.yaml': salesforceDeal,
  'salesforce.event.yaml': salesforceEvent,
  'salesforce.feedback.yaml': salesforceFeedback,
  'salesforce.lead.yaml': salesforceLead,
  'salesforce.segment.yaml': salesforceSegment,
  'salesforce.task.yaml': salesforceTask,
  'salesforce.ticket.yaml': salesforceTicket,
  'surveymonkey.response.yaml': surveymonkeyResponse,
  'typeform.response.yaml': typeformResponse,
  'webhook.response.yaml': webhookResponse,
};

/** The mappings of the bundle. Throws with every mistake in them. */
export function bundledMappings(): Mappings {
  const hub = parseHub(hubText, 'hub.yaml');
  if (!hub.ok) throw mistakes(hub.problems);
  const parsed = Object.entries(BUNDLED).map(([file, text]) => parseMapping(text, file, hub.model));
  const benchmarks = parseBenchmarks(benchmarksText, 'benchmarks.yaml');
  const problems = [...parsed, benchmarks].flatMap((each) => (each.ok ? [] : each.problems));
  if (!benchmarks.ok || problems.length > 0) throw mistakes(problems);
  return mappingsOf(
    { model: hub.model, benchmarks: benchmarks.benchmarks },
    parsed.flatMap((each) => (each.ok ? [each.mapping] : [])),
  );
}

function mappingsOf(around: Pick<Mappings, 'model' | 'benchmarks'>, mappings: readonly Mapping[]): Mappings {
  return { ...around, byStream: new Map(mappings.map((mapping) => [streamName(mapping), mapping])) };
}

function mistakes(problems: readonly MappingProblem[]): Error {
  return new Error(`The mappings have mistakes:\n${problems.map(describeProblem).join('\n')}`);
}
