import { connections } from './connections.ts';
import { entrance } from './entrance.ts';
import { shared } from './shared.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';

/** What the first page says, and the frame around all of them. */
export const first = { connections, entrance, shared, shell, start } as const;
