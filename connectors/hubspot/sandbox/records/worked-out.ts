import type { ObjectType } from '../portal/object-types.ts';
import type { Pipelines } from '../portal/pipelines.ts';

type Properties = Readonly<Record<string, string>>;
type WorkedOut = Readonly<Record<string, string | undefined>>;

const BODIES = ['hs_note_body', 'hs_task_body', 'hs_call_body', 'hs_meeting_body', 'hs_email_text', 'hs_communication_body'];
const PREVIEW_MAX = 300;

function ofContact({ email, firstname, lastname, phone, mobilephone }: Properties): WorkedOut {
  return {
    hs_email_domain: email?.split('@')[1],
    hs_full_name_or_email: [firstname, lastname].filter((name) => name !== undefined).join(' ') || email,
    hs_calculated_phone_number: phone?.replace(/[^\d+]/g, '') || undefined,
    hs_searchable_calculated_phone_number: phone?.replace(/\D/g, '') || undefined,
    hs_searchable_calculated_mobile_number: mobilephone?.replace(/\D/g, '') || undefined,
  };
}

function ofDeal(pipelines: Pipelines, type: ObjectType, { dealstage, amount }: Properties): WorkedOut {
  const stage = pipelines
    .of(type)
    .flatMap(({ stages }) => stages)
    .find(({ id }) => id === dealstage);
  const { probability, isClosed } = stage?.metadata ?? {};
  return {
    hs_deal_stage_probability: probability,
    hs_is_closed: isClosed,
    hs_is_closed_won: stage === undefined ? undefined : String(isClosed === 'true' && probability === '1.0'),
    amount_in_home_currency: amount,
  };
}

function ofTicket(pipelines: Pipelines, type: ObjectType, { hs_pipeline_stage }: Properties): WorkedOut {
  const stage = pipelines
    .of(type)
    .flatMap(({ stages }) => stages)
    .find(({ id }) => id === hs_pipeline_stage);
  return { hs_is_closed: stage === undefined ? undefined : String(stage.metadata.ticketState === 'CLOSED') };
}

function ofActivity(properties: Properties): WorkedOut {
  const body = BODIES.map((name) => properties[name]).find((text) => text !== undefined);
  const preview = body
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, PREVIEW_MAX);
  return { hs_body_preview: preview || undefined, hs_body_preview_html: body?.slice(0, PREVIEW_MAX) };
}

/** What is worked out from a record's own values; empty when there is nothing to work it out from. */
export function workOut(pipelines: Pipelines, type: ObjectType, properties: Properties): WorkedOut {
  if (type.name === 'contacts') return ofContact(properties);
  if (type.name === 'deals') return ofDeal(pipelines, type, properties);
  if (type.name === 'tickets') return ofTicket(pipelines, type, properties);
  return type.scoped === 'activity' && type.writable ? ofActivity(properties) : {};
}
