/** One property that was not accepted, in the vendor's code. */
export type PropertyProblem = { readonly name: string; readonly error: string; readonly message: string };

export type Context = Readonly<Record<string, readonly string[]>>;

/** The error envelope, without what only the front knows (status word and correlation id). */
export type RefusalBody = {
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly errorType?: string;
  readonly policyName?: string;
  readonly groupName?: string;
  readonly requestId?: string;
  readonly context?: Context;
  readonly errors?: readonly { readonly message: string; readonly code?: string; readonly context?: Context }[];
  readonly links?: Readonly<Record<string, string>>;
  /** The whole body, where it is not the envelope. */
  readonly plain?: Readonly<Record<string, unknown>>;
};

/** A request, or one row of a batch, that the vendor would not carry out. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: RefusalBody;
  readonly headers: Readonly<Record<string, string>>;
  /** What only the row of a batch tells, and the answer of a single call does not. */
  readonly rowContext: Context;
  constructor(
    status: number,
    body: RefusalBody,
    { headers = {}, rowContext = {} }: { readonly headers?: Readonly<Record<string, string>>; readonly rowContext?: Context } = {},
  ) {
    super(body.message);
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
    this.headers = headers;
    this.rowContext = rowContext;
  }
}

/** 400: the request itself makes no sense. */
export function invalid(message: string, more: Omit<RefusalBody, 'message' | 'category'> = {}): Refusal {
  return new Refusal(400, { message, category: 'VALIDATION_ERROR', ...more });
}

/** What a 404 says that nobody gave other words; the portal may have its own. */
export const DEFAULT_NOT_FOUND = 'resource not found';

/** 404: no such record, or it is archived. */
export function notFound(message = DEFAULT_NOT_FOUND): Refusal {
  return new Refusal(404, { message, category: 'OBJECT_NOT_FOUND' });
}

/** 409: the address belongs to another contact; in a batch the other one may have no id yet. */
export function conflict(existingId: string | null): Refusal {
  const message = existingId === null ? 'Contact already exists.' : `Contact already exists. Existing ID: ${existingId}`;
  const rowContext = existingId === null ? {} : { existingId: [existingId] };
  return new Refusal(409, { message, category: 'CONFLICT' }, { rowContext });
}

/** 400: values that do not fit; the detail is JSON inside the message, as the vendor does it, with clean copies in `errors`. */
export function badProperties(problems: readonly PropertyProblem[], portalId: number): Refusal {
  const detail = problems.map(({ name, error, message }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return invalid(`Property values were not valid: ${JSON.stringify(detail)}`, {
    errors: problems.map(({ name, error, message }) => ({ message, code: error, context: { propertyName: [name] } })),
  });
}
