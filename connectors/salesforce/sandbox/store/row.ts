/** A stored value; datetimes are milliseconds since 1970, cut to the second. */
export type Value = string | number | boolean | null;

/** One version of a record. It never changes: a write puts another in its place. */
export type Row = {
  readonly Id: string;
  readonly SystemModstamp: number;
  readonly IsDeleted: boolean;
  readonly [field: string]: Value;
};
