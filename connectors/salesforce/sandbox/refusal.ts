/** What Salesforce answers instead of doing the work; `code` becomes `errorCode` on top level and `statusCode` in a row. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[];
  constructor(code: string, message: string, more: { readonly status?: number; readonly fields?: readonly string[] } = {}) {
    super(message);
    this.code = code;
    this.status = more.status ?? 400;
    this.fields = more.fields ?? [];
  }
}

/** The body of a refusal on top level: a list, with `fields` only where a write was refused. */
export function refusalBody(refusal: Refusal): readonly object[] {
  const { message, code: errorCode, fields } = refusal;
  return [fields.length > 0 ? { message, errorCode, fields } : { message, errorCode }];
}

/** A path that leads nowhere. */
export const notFound = () => new Refusal('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
