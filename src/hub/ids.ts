import { hash } from 'node:crypto';
import { v7 } from 'uuid';
import { canonical } from '../kernel/json.ts';

/** A new id: uuidv7, so that ids sort by the time they were made. */
export const newId: () => string = () => v7();

/** A new id that sorts by another time than that of its making. */
export const newIdAt = (at: Date): string => v7({ msecs: at.getTime() });

const TIME_DIGITS = 12;

/** When an id of ours was made. */
export const timeOfId = (id: string): Date => new Date(Number.parseInt(id.replaceAll('-', '').slice(0, TIME_DIGITS), 16));

/** 128 bits of SHA-256 in the form of a uuid: small to store and to index. */
export function digest(text: string): string {
  const hex = hash('sha256', text, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** The same for equal values, whatever the order of their keys. */
export const digestOf = (value: unknown): string => digest(canonical(value));
