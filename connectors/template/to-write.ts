/** Ends what cannot be done yet with what to write next. This file goes when nothing calls it any more. */
export function toWrite(what: string): never {
  throw new Error(`To write next: connectors/template/${what}`);
}
