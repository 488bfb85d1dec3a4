import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** The vendor's table of errors, by id. */
const REFUSALS = {
  1000: [400, 'Bad Request', 'Unable to process the request provided.'],
  1001: [400, 'Bad Request', 'The body provided was not a proper JSON string.'],
  1002: [400, 'Bad Request', 'Invalid schema in the body provided.'],
  1003: [400, 'Bad Request', 'Invalid URL parameters.'],
  1004: [400, 'Bad Request', 'Invalid request headers.'],
  1010: [401, 'Authorization Error', 'The authorization token was not provided.'],
  1011: [401, 'Authorization Error', 'The authorization token provided was invalid.'],
  1012: [401, 'Authorization Error', 'The authorization token has expired.'],
  1013: [401, 'Authorization Error', 'Client revoked access grant.'],
  1014: [403, 'Permission Error', 'Permission has not been granted by the user to make this request.'],
  1015: [403, 'Permission Error', "The user's plan does not allow this request."],
  1016: [403, 'Permission Error', 'The user does not have access to this resource.'],
  1017: [403, 'Permission Error', 'The user has reached a limit of the plan.'],
  1018: [403, 'Permission Error', "The user's data are in another region; call the access_url of the token."],
  1020: [404, 'Resource Not Found', 'There was an error retrieving the requested resource.'],
  1025: [409, 'Resource Conflict', 'Unable to complete the request due to a conflict.'],
  1026: [409, 'Resource Conflict', 'The resource already exists.'],
  1030: [413, 'Request Entity Too Large', 'The requested entity is too large, it can not be returned.'],
  1040: [429, 'Rate limit reached', 'Too many requests were made, try again later.'],
  1050: [500, 'Internal Server Error', 'Oh bananas! We could not process your request.'],
  1051: [503, 'Internal Server Error', 'Service unreachable. Please try again later.'],
  1052: [404, 'User Soft Deleted', 'The user has been soft deleted.'],
  1053: [410, 'User Deleted', 'The user has been deleted.'],
  1054: [502, 'Bad Gateway', 'Bad gateway.'],
} as const satisfies Readonly<Record<number, readonly [ContentfulStatusCode, string, string]>>;
export type RefusalId = keyof typeof REFUSALS;

/** A request that the vendor would not carry out. */
export class Refusal extends Error {
  readonly id: RefusalId;
  readonly status: ContentfulStatusCode;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(id: RefusalId, why?: string) {
    const [status, name, message] = REFUSALS[id];
    super(why === undefined ? message : `${message} ${why}`);
    this.name = 'Refusal';
    this.id = id;
    this.status = status;
    const docs = 'https://developer.surveymonkey.com/api/v3/#error-codes';
    this.body = { error: { docs, message: this.message, id: String(id), name, http_status_code: status } };
  }
}

export const badBody = (why: string): Refusal => new Refusal(1002, why);
export const badQuery = (why: string): Refusal => new Refusal(1003, why);
export const notFound = (): Refusal => new Refusal(1020);
