import type { ColumnType, Generated } from 'kysely';
import type { Observation } from '../../contract/records.ts';

type Time = ColumnType<Date, Date | string | undefined, Date | string>;

/** Records that arrive by themselves: in deliveries, and in files. */
export type ArrivalTables = {
  arrival: { id: string; stream_id: string; door_id: string; input_id: string; seen: ColumnType<Observation, string, string> };
  file_import: {
    id: string;
    stream_id: string;
    door_id: string;
    file: string;
    head: string;
    mapping_hash: string;
    size: number | null;
    at: Generated<number>;
    digest: string | null;
    line: Generated<number>;
    rows: Generated<number>;
    refused: Generated<number>;
    actor: string;
    received_at: Time;
    started_at: Time;
    done_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  };
  import_error: { import_id: string; line: number; field: Generated<string>; reason: string; cells: string[] | null };
};
