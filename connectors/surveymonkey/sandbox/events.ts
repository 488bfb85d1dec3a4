/** Everything that a webhook can be registered for. */
export const EVENT_TYPES = [
  'response_completed',
  'response_updated',
  'response_disqualified',
  'response_overquota',
  'response_created',
  'response_deleted',
  'collector_created',
  'collector_updated',
  'collector_deleted',
  'survey_created',
  'survey_updated',
  'survey_deleted',
  'app_installed',
  'app_uninstalled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened in the account, and to what. */
export type Happening = {
  readonly event: EventType;
  readonly surveyId?: string;
  readonly collectorId?: string;
  readonly responseId?: string;
  readonly recipientId?: string;
};
