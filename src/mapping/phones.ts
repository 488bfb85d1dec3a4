import { type CountryCode, isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { remember } from '../kernel/remember.ts';

// Where a number without a country code is tried, by its first digit, when nobody says where it is from. Few numbers are valid in two of
// these; those are left alone. The full tables are needed: the small ones take almost any ten digits for a Japanese number.
const GUESSES: { readonly zero: readonly CountryCode[]; readonly other: readonly CountryCode[] } = { zero: ['JP', 'TH'], other: ['US'] };
const FEWEST_DIGITS = 7;
const NOTHING_BUT_DIGITS = /^\s*\+?[\d\s().\-/]+$/;

/** The E.164 form, or undefined when the text is no valid number or E.164 would lose its extension. */
export function e164(text: string, region: string | undefined): string | undefined {
  const parsed = parse(text, region);
  return parsed?.isValid() && parsed.ext === undefined ? parsed.number : undefined;
}

/**
 * One spelling for each telephone line, for matching only: E.164 with `x` and the extension, where the country is known or can be
 * guessed; else the digits; null when they are too few, a filler such as 0000000, or part of some other text. A record's number is asked for
 * by each match rule that it takes part in, and to read it is dear.
 */
export const phoneKey = remember(5000, keyOf);

function keyOf(text: string, region: string | undefined): string | null {
  // 00 is how a + is dialled from most of the world.
  const written = text.normalize('NFKC').replace(/^\D*(?:0\D*){2,}/, '+');
  const digits = written.replace(/\D/g, '');
  if (digits.length < FEWEST_DIGITS || /^(\d)\1*$/.test(digits)) return null;
  const parsed = parse(written, region);
  const sure = parsed?.isValid() || (written.includes('+') && parsed?.isPossible()) ? parsed : undefined;
  // Some valid-looking numbers are too new, or too made up, for the tables: their country is believed when nothing fits better.
  const found = sure ?? guessed(written, digits) ?? (parsed?.isPossible() ? parsed : undefined);
  if (found === undefined) return NOTHING_BUT_DIGITS.test(written) ? written.replace(/[^\d+]/g, '') : null;
  return found.ext === undefined ? found.number : `${found.number}x${found.ext}`;
}

function guessed(written: string, digits: string): PhoneNumber | undefined {
  const candidates = digits.startsWith('0') ? GUESSES.zero : GUESSES.other;
  const valid = candidates.map((country) => parse(written, country)).filter((parsed) => parsed?.isValid());
  return valid.length === 1 ? valid[0] : undefined;
}

function parse(text: string, region: string | undefined): PhoneNumber | undefined {
  return region !== undefined && isSupportedCountry(region) ? parsePhoneNumberFromString(text, region) : parsePhoneNumberFromString(text);
}
