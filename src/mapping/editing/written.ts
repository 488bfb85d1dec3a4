import { Document, isCollection, Lexer } from 'yaml';
import type { Json } from '../../kernel/json.ts';

/** A value as it is written on one line. */
export function inline(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${inline(key)}: ${inline(one ?? null)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  // On one line, whatever it is: JSON's way to write it is one of YAML's.
  if (typeof value === 'string' && /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(value)) return JSON.stringify(value);
  const document = new Document([value]);
  if (isCollection(document.contents)) document.contents.flow = true;
  // Only what stands around it goes: a value may end with a blank of its own.
  return document
    .toString({ lineWidth: 0, blockQuote: false })
    .replace(/^\[ /, '')
    .replace(/ \]\n$/, '');
}

// The lexer marks what is a scalar, so that a # within one is none.
const SCALAR = '\x1f';

/** The comments in a piece of YAML, in order. */
export function commentsOf(text: string): readonly string[] {
  const tokens = [...new Lexer().lex(text)];
  return tokens.flatMap((token, i) => (token.startsWith('#') && tokens[i - 1] !== SCALAR ? [token.replace(/[ \t\r]+$/, '')] : []));
}
