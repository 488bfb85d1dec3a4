import { unreachable } from '../../kernel/must.ts';
import type { BrakeKind } from '../../merge/brakes.ts';

/** What a brake holds: how many of which kind, on which stream, and from how many on it is asked about. */
export type BrakeTold = {
  readonly what: BrakeKind;
  readonly system: string;
  readonly object: string;
  readonly field: string | null;
  readonly count: number;
  readonly limit: number;
  readonly linked: number;
  /** Records that a complete look did not meet, and that nobody has been asked about. */
  readonly suspects: number;
};

/** Why a brake holds, for whoever decides. */
export function brakeReason(told: BrakeTold): string {
  return `${whatHappens(told)} within the hour, of ${told.linked} linked: more than ${told.limit} is a mass change. ${whatWaits(told)}`;
}

/** The same for one record that is held by it. */
export function brakeNote({ what, system, field }: Pick<BrakeTold, 'what' | 'system' | 'field'>): string {
  switch (what) {
    case 'removals_in':
      return `it was deleted in ${system} with so many others that an admin has to release it`;
    case 'blanks_in':
      return `${system} cleared ${field} on so many records at once that an admin has to release it`;
    case 'merges_in':
      return `it was merged in ${system} with so many others that an admin has to release it`;
    case 'archives_in':
      return `so many records left the filter for what comes in from ${system} that an admin has to release it`;
    case 'removals_out':
      return `so many records are to be removed from ${system} that an admin has to release it`;
    case 'blanks_out':
      return `${field} is to be cleared on so many records in ${system} that an admin has to release it`;
    default:
      return unreachable(what);
  }
}

function whatHappens({ what, system, object, field, count, suspects }: BrakeTold): string {
  switch (what) {
    case 'removals_in':
      return suspects > 0
        ? `${system} did not show ${suspects} of its ${object} records in a complete look${count > 0 ? `, and shows ${count} as deleted` : ''}`
        : `${system} shows ${count} of its ${object} records as deleted`;
    case 'blanks_in':
      return `${system} cleared ${field} on ${count} ${object} records`;
    case 'merges_in':
      return `${system} shows ${count} of its ${object} records as merged into others`;
    case 'archives_in':
      return `${count} ${object} records left the filter for what comes in from ${system}, which would archive them`;
    case 'removals_out':
      return `${count} ${object} records are to be removed from ${system}`;
    case 'blanks_out':
      return `${field} is to be cleared on ${count} ${object} records in ${system}`;
    default:
      return unreachable(what);
  }
}

function whatWaits({ what }: BrakeTold): string {
  switch (what) {
    case 'removals_in':
    case 'merges_in':
      return 'These records stay as they are, and everything else flows, until an admin releases it or keeps them.';
    case 'blanks_in':
      return 'The values stay here, and everything else flows, until an admin releases it or has them written back.';
    case 'archives_in':
      return 'They stay in use, and everything else flows, until an admin releases it or keeps them.';
    case 'removals_out':
      return 'Nothing is removed there, and everything else flows, until an admin releases it or keeps them.';
    case 'blanks_out':
      return 'The values stay there, and everything else flows, until an admin releases it or keeps them.';
    default:
      return unreachable(what);
  }
}
