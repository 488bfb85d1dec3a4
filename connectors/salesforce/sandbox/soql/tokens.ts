import { Refusal } from '../refusal.ts';

/** A piece of a query; the raw text of a string still has its escapes, because LIKE reads them differently. */
export type Token = {
  readonly kind: 'word' | 'string' | 'number' | 'datetime' | 'date' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
};

const PIECES: readonly (readonly [Exclude<Token['kind'], 'end'>, RegExp])[] = [
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})(?![\w:])/y],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w:])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?![\w.])/y],
  ['string', /'(?:[^'\\]|\\.)*'/sy],
  ['word', /[A-Za-z]\w*(?::\d+|(?:\.[A-Za-z]\w*)*)/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),]/y],
];

/** Cuts a query into tokens, the last of which is `end`. */
export function tokenize(soql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(soql.charAt(at))) at += 1;
    if (at >= soql.length) return [...tokens, { kind: 'end', text: '<EOF>', at }];
    const token = nextToken(soql, at);
    tokens.push(token);
    at += token.text.length;
  }
}

function nextToken(soql: string, at: number): Token {
  for (const [kind, piece] of PIECES) {
    piece.lastIndex = at;
    const found = piece.exec(soql);
    if (found !== null) return { kind, text: found[0], at };
  }
  throw malformed(soql, at, `unexpected token: '${soql.slice(at).split(/\s/)[0]}'`);
}

/** The refusal that points into the query, as Salesforce does. */
export function malformed(soql: string, at: number, reason: string, code = 'MALFORMED_QUERY'): Refusal {
  const start = Math.max(0, at - 30);
  const caret = ' '.repeat(at - start);
  return new Refusal(code, `\n${soql.slice(start, at + 30)}\n${caret}^\nERROR at Row:1:Column:${at + 1}\n${reason}`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
};

/** The text that a quoted literal stands for, or null when it has an escape that SOQL does not know. */
export function unquoted(literal: string): string | null {
  let known = true;
  const text = literal.slice(1, -1).replace(/\\(u[0-9A-Fa-f]{4}|.)/gs, (_all, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const meant = ESCAPES[code];
    if (meant === undefined) known = false;
    return meant ?? '';
  });
  return known ? text : null;
}

/** The test that a quoted LIKE pattern stands for: `%` is any run, `_` one character, escaped ones are themselves. */
export function likePattern(literal: string): RegExp {
  const parts = literal.slice(1, -1).match(/\\u[0-9A-Fa-f]{4}|\\.|[^\\]/gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    const text = part.startsWith('\\') ? (unquoted(`'${part}'`) ?? '') : part;
    return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'isu');
}
