import type { EntityMapping } from './mapping.ts';

/** The remote fields that a mapping has to see: those of its lines, and the one by which records are kept out. */
export function fieldsRead({ lines, optOut }: EntityMapping): readonly string[] {
  return [...new Set([...lines.map(({ remote }) => remote), ...(optOut === null ? [] : [optOut.remote])])];
}
