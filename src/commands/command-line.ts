/** Who has done it, where an act of the command line is written down. */
export const COMMAND_LINE = { kind: 'act', actor: 'command line', actorName: 'command line', address: null } as const;
