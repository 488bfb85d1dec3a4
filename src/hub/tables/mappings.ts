import type { ColumnType } from 'kysely';
import type { MappingProblem } from '../../mapping/problems.ts';

type Time = ColumnType<Date, Date | string | undefined, Date | string>;
/** Where a version came from: a file of the folder, the editor and its API, an upload, or an earlier version. */
export type MappingOrigin = 'folder' | 'editor' | 'import' | 'restored';

/** The documents that say which field is which: what is active, what was, and what is being written. */
export type MappingTables = {
  mapping_set: {
    single: boolean;
    revision: string;
    folder: string | null;
    folder_problems: ColumnType<readonly MappingProblem[] | null, string | null, string | null>;
  };
  mapping_text: {
    id: string;
    name: string;
    text: string | null;
    digest: string;
    origin: MappingOrigin;
    author: string;
    reason: string;
    base_id: string | null;
    created_at: Time;
    activated_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  };
  mapping_document: { name: string; active_id: string; folder_digest: string | null; waiting_id: string | null };
  mapping_draft: {
    name: string;
    text: string | null;
    origin: Exclude<MappingOrigin, 'folder'>;
    base_id: string | null;
    reason: string;
    author: string;
    updated_at: Time;
  };
};
