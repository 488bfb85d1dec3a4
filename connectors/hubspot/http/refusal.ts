import { isObject, type Raw, textOr, texts } from './shapes.ts';

/** One refusal, of a whole request or of one row of a batch. */
export type Refusal = {
  readonly status: string;
  readonly message: string;
  readonly category: string;
  readonly subCategory: string;
  readonly policyName: string;
  /** The code of the first detail, such as `INVALID_OPTION`. */
  readonly code: string | null;
  readonly properties: readonly string[];
  readonly scopes: readonly string[];
  readonly ids: readonly string[];
  readonly traceIds: readonly string[];
  readonly existingId: string | null;
};

/** HubSpot also writes the details of property errors as JSON inside the message. */
function detailsInMessage(message: string): readonly Raw[] {
  const start = message.indexOf('[{');
  const end = message.lastIndexOf('}]');
  if (start === -1 || end < start) return [];
  try {
    const found: unknown = JSON.parse(message.slice(start, end + 2));
    return Array.isArray(found) ? found.filter(isObject) : [];
  } catch {
    // It only looked like JSON; the message still says it in words.
    return [];
  }
}

/** An error envelope. Every one of its fields is optional, so what is missing becomes empty. */
export function parseRefusal(raw: unknown): Refusal {
  const whole = isObject(raw) ? raw : {};
  const message = textOr(whole.message, '');
  const details = Array.isArray(whole.errors) ? whole.errors.filter(isObject) : [];
  const contexts = [whole, ...details].map(({ context }) => (isObject(context) ? context : {}));
  const inside = detailsInMessage(message);
  const of = (name: string): readonly string[] => contexts.flatMap((context) => texts(context[name]));
  return {
    status: textOr(whole.status, ''),
    message:
      inside.length === 0 ? message : inside.map((one) => textOr(one.localizedErrorMessage, textOr(one.message, ''))).join('; ') || message,
    category: textOr(whole.category, textOr(whole.errorType, '')),
    subCategory: textOr(whole.subCategory, ''),
    policyName: textOr(whole.policyName, ''),
    code: textOr(details.find(({ code }) => code !== undefined)?.code, textOr(inside[0]?.error, null)),
    properties: [...new Set([...of('propertyName'), ...inside.flatMap((one) => texts(one.name))])],
    scopes: [...new Set([...of('requiredGranularScopes'), ...of('requiredScopes')])],
    ids: [...of('ids'), ...of('id')],
    traceIds: of('objectWriteTraceId'),
    existingId: of('existingId')[0] ?? /Existing ID: (\d+)/.exec(message)?.[1] ?? null,
  };
}
