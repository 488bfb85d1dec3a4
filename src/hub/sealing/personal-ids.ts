import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VaultKeys } from './seal.ts';

/** Ids of records that only this hub can have given out: for the link of a survey, where anybody may write anything. */
export type PersonalIds = {
  /** 48 letters and digits, for the narrowest survey tool takes 64 of them and nothing else. */
  issue(recordId: string): string;
  /** The record that an id was given out for; null for one that this hub has not signed. */
  read(id: string): string | null;
};

const ID = /^sl([0-9a-v]{26})([0-9a-v]{20})$/;
const ID_DIGITS = 26;
const SIGNATURE_DIGITS = 20;
// 100 bits, of which nobody guesses a single one.
const SIGNATURE_HEX = 25;

const base32 = (hex: string, digits: number): string => BigInt(`0x${hex}`).toString(32).padStart(digits, '0');

function signatureOf(key: Buffer, recordId: string): string {
  return base32(
    createHmac('sha256', key).update(`syncline:personal-id:${recordId}`).digest('hex').slice(0, SIGNATURE_HEX),
    SIGNATURE_DIGITS,
  );
}

function recordIdIn(digits: string): string | null {
  const value = [...digits].reduce((sum, digit) => sum * 32n + BigInt(Number.parseInt(digit, 32)), 0n);
  const hex = value.toString(16).padStart(32, '0');
  if (hex.length !== 32) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Signs with the newest key, and knows what any of them has signed: links that were sent out live long. */
export function openPersonalIds({ current, keys }: VaultKeys): PersonalIds {
  return {
    issue(recordId) {
      const key = keys.get(current);
      if (key === undefined) throw new Error('There is no key to sign with.');
      const plain = recordId.toLowerCase();
      return `sl${base32(plain.replaceAll('-', ''), ID_DIGITS)}${signatureOf(key, plain)}`;
    },
    read(id) {
      const [, digits = '', signature = ''] = ID.exec(id.trim().toLowerCase()) ?? [];
      const recordId = digits === '' ? null : recordIdIn(digits);
      if (recordId === null) return null;
      const isOurs = [...keys.values()].some((key) => timingSafeEqual(Buffer.from(signatureOf(key, recordId)), Buffer.from(signature)));
      return isOurs ? recordId : null;
    },
  };
}
