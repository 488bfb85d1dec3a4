import {
  AGGREGATES,
  type Condition,
  type Literal,
  OPERATORS,
  type Operator,
  type Order,
  type Path,
  type Query,
  type Selected,
} from './query.ts';
import { daysIn } from './spans.ts';
import { malformed, type Token, tokenize } from './tokens.ts';

const CLAUSES = ['WHERE', 'ORDER', 'LIMIT', 'OFFSET', 'GROUP', 'HAVING', 'WITH', 'USING', 'FOR', 'ALL'];

/** Reads a query, or refuses it as MALFORMED_QUERY. */
export function parseQuery(text: string): Query {
  return new Parser(text).query();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  query(): Query {
    const query = this.#query();
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return query;
  }

  #query(): Query {
    this.#expect('SELECT');
    const selected = this.#list(() => this.#selected());
    this.#expect('FROM');
    const from = this.#take('word').text;
    const alias = this.#peek().kind === 'word' && !this.#isWord(...CLAUSES) ? this.#take('word').text : null;
    const where = this.#accept('WHERE') ? this.#condition() : null;
    const groupBy = this.#accept('GROUP') ? this.#groupBy() : [];
    const orderBy = this.#accept('ORDER') ? this.#orderBy() : [];
    const limit = this.#accept('LIMIT') ? this.#count() : null;
    const offset = this.#accept('OFFSET') ? this.#count() : 0;
    return { text: this.#text, selected, from, alias, where, groupBy, orderBy, limit, offset };
  }

  #groupBy(): readonly Path[] {
    this.#expect('BY');
    return this.#list(() => path(this.#take('word')));
  }

  #selected(): Selected {
    const { at } = this.#peek();
    if (this.#accept('(')) {
      const query = this.#query();
      this.#expect(')');
      return { kind: 'children', query, at };
    }
    if (this.#accept('TYPEOF')) return this.#typeof();
    const word = this.#take('word');
    const upper = word.text.toUpperCase();
    if (!this.#accept('(')) return { kind: 'field', path: path(word) };
    if (upper === 'COUNT' && this.#accept(')')) return { kind: 'count' };
    const inner = this.#take('word');
    this.#expect(')');
    if (upper === 'FIELDS') return { kind: 'group', group: this.#group(inner), at: inner.at };
    const how = AGGREGATES.find((name) => name === upper);
    if (how === undefined) throw malformed(this.#text, word.at, `unexpected token: '${word.text}'`);
    const alias = this.#peek().kind === 'word' && !this.#isWord('FROM') ? this.#take('word').text : null;
    return { kind: 'aggregate', how, path: path(inner), alias };
  }

  #typeof(): Selected {
    const of = path(this.#take('word'));
    const cases: { readonly type: string; readonly paths: readonly Path[] }[] = [];
    while (this.#accept('WHEN')) {
      const type = this.#take('word').text;
      this.#expect('THEN');
      cases.push({ type, paths: this.#list(() => path(this.#take('word'))) });
    }
    const otherwise = this.#accept('ELSE') ? this.#list(() => path(this.#take('word'))) : [];
    this.#expect('END');
    return { kind: 'typeof', path: of, cases, otherwise };
  }

  #group(word: Token): 'ALL' | 'STANDARD' | 'CUSTOM' {
    const group = (['ALL', 'STANDARD', 'CUSTOM'] as const).find((name) => name === word.text.toUpperCase());
    if (group === undefined) throw malformed(this.#text, word.at, `unexpected token: '${word.text}'`);
    return group;
  }

  /** AND and OR are not mixed without parentheses, and NOT stands alone in its own: that is SOQL's grammar. */
  #condition(): Condition {
    if (this.#accept('NOT')) return { kind: 'not', part: this.#simple() };
    const first = this.#simple();
    const kind = this.#isWord('AND') ? 'and' : this.#isWord('OR') ? 'or' : null;
    if (kind === null) return first;
    const parts = [first];
    while (this.#accept(kind)) parts.push(this.#simple());
    return { kind, parts };
  }

  #simple(): Condition {
    if (!this.#accept('(')) return this.#comparison();
    const inner = this.#condition();
    this.#expect(')');
    return inner;
  }

  #comparison(): Condition {
    if (this.#isWord('NOT', 'AND', 'OR')) throw this.#unexpected();
    const where = path(this.#take('word'));
    const negated = this.#accept('NOT');
    if (negated || this.#isWord('IN')) {
      this.#expect('IN');
      this.#expect('(');
      if (this.#isWord('SELECT')) {
        const query = this.#query();
        this.#expect(')');
        return { kind: 'semijoin', path: where, negated, query };
      }
      const literals = this.#list(() => this.#literal());
      this.#expect(')');
      return { kind: 'in', path: where, negated, literals };
    }
    const sets = (['INCLUDES', 'EXCLUDES'] as const).find((word) => this.#accept(word));
    if (sets !== undefined) {
      this.#expect('(');
      const literals = this.#list(() => this.#literal());
      this.#expect(')');
      return { kind: 'includes', path: where, negated: sets === 'EXCLUDES', literals };
    }
    return { kind: 'compare', path: where, operator: this.#operator(), literal: this.#literal() };
  }

  #operator(): Operator {
    const token = this.#peek();
    const text = token.text === '<>' ? '!=' : token.text.toUpperCase();
    const operator = OPERATORS.find((one) => one === text);
    if (operator === undefined) throw this.#unexpected();
    this.#next += 1;
    return operator;
  }

  #literal(): Literal {
    const token = this.#peek();
    this.#next += 1;
    const upper = token.text.toUpperCase();
    if (token.kind === 'string') return { type: 'string', text: token.text };
    if (token.kind === 'number') return { type: 'number', value: Number(token.text) };
    if (token.kind === 'date') return { type: 'date', text: token.text };
    if (token.kind === 'datetime') {
      const value = Date.parse(token.text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
      if (!Number.isNaN(value)) return { type: 'datetime', value };
    }
    if (upper === 'TRUE' || upper === 'FALSE') return { type: 'boolean', value: upper === 'TRUE' };
    if (upper === 'NULL') return { type: 'null' };
    const [name = '', count = '0'] = upper.split(':');
    if (token.kind === 'word' && daysIn(name, Number(count), 0) !== undefined) return { type: 'span', name, count: Number(count) };
    this.#next -= 1;
    throw this.#unexpected();
  }

  #orderBy(): readonly Order[] {
    this.#expect('BY');
    return this.#list(() => {
      const by = path(this.#take('word'));
      const descending = this.#accept('DESC');
      if (!descending) this.#accept('ASC');
      if (!this.#accept('NULLS')) return { path: by, descending, nullsLast: false };
      const nullsLast = this.#accept('LAST');
      if (!nullsLast) this.#expect('FIRST');
      return { path: by, descending, nullsLast };
    });
  }

  #count(): number {
    const token = this.#take('number');
    if (!/^\d+$/.test(token.text)) throw malformed(this.#text, token.at, `unexpected token: '${token.text}'`);
    return Number(token.text);
  }

  #list<T>(one: () => T): readonly T[] {
    const items = [one()];
    while (this.#accept(',')) items.push(one());
    return items;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '<EOF>', at: this.#text.length };
  }

  #isWord(...words: readonly string[]): boolean {
    const token = this.#peek();
    return token.kind !== 'string' && words.includes(token.text.toUpperCase());
  }

  #accept(text: string): boolean {
    if (!this.#isWord(text.toUpperCase())) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected(`expecting '${text}'`);
  }

  #take(kind: Token['kind']): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw this.#unexpected();
    this.#next += 1;
    return token;
  }

  #unexpected(wanted = '') {
    const token = this.#peek();
    return malformed(this.#text, token.at, `unexpected token: '${token.text}'${wanted === '' ? '' : ` ${wanted}`}`);
  }
}

function path(token: Token): Path {
  return { names: token.text.split('.'), at: token.at };
}
