import type { ColumnType, Generated } from 'kysely';

type When = ColumnType<Date, Date | string | undefined, Date | string>;

/** How far the guided start has come: one row. */
export type StartTables = {
  guided_start: {
    one: Generated<boolean>;
    systems: Generated<string[]>;
    objects: string[] | null;
    step: Generated<string>;
    plan_id: string | null;
    seen_plan_id: string | null;
    done_at: ColumnType<Date, Date | string | null, Date | string> | null;
    changed_at: When;
  };
};
