import type { Connected, Refused } from '../parts.ts';

/** A sandbox that this hub has opened itself; `page`: where people look into it and edit records, where it has a page for that. */
export type OwnSandbox = { readonly connectionId: string; readonly connector: string; readonly page: string | null };

/** Stand-ins of the systems, for whoever wants to try things out: opened when an admin asks for one. */
export type OwnSandboxes = {
  /** The connectors that there is a sandbox of. */
  readonly offered: readonly string[];
  /** Those of them that have a page, where somebody who tries things out edits a record, or answers a survey, and sees it arrive. */
  readonly trial: readonly string[];
  list(): Promise<readonly OwnSandbox[]>;
  /** Where people look at a record of a sandbox that runs here; null where that has no such page, undefined where the address is no sandbox of these. */
  recordPage(origin: string, record: { readonly object: string; readonly id: string }): string | null | undefined;
  /** Opens the sandbox of a connector and connects it, once; null when there is none. */
  connect(connector: string): Promise<Connected | Refused | null>;
};
