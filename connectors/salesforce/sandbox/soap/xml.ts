import { Refusal } from '../refusal.ts';

/** An element without its namespace prefix; attributes are of no meaning here, save that the element is nil. */
export type Element = { readonly name: string; readonly text: string; readonly isNil: boolean; readonly children: readonly Element[] };

type Open = { name: string; isNil: boolean; text: string; children: Element[] };

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (text: string) => text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** The root element of a document, or a refusal. */
export function readXml(text: string): Element {
  const root: Open = { name: '', isNil: false, text: '', children: [] };
  const open: Open[] = [root];
  for (const [, closing, name = '', attributes = '', selfClosing, words = ''] of text.matchAll(
    /<(\/)?(?:[\w-]+:)?([\w.-]+)((?:\s+[^<>]*?)?)(\/)?>|<\?[^>]*\?>|([^<]+)/g,
  )) {
    const top = open.at(-1) ?? root;
    if (words !== '') top.text += plain(words);
    else if (closing !== undefined) {
      if (top.name !== name || open.length < 2) throw new Refusal('MALFORMED_XML', `unexpected </${name}>`);
      open.pop();
    } else if (name !== '') {
      const element: Open = { name, isNil: /\bnil="true"/.test(attributes), text: '', children: [] };
      top.children.push(element);
      if (selfClosing === undefined) open.push(element);
    }
  }
  const [only] = root.children;
  if (only === undefined || open.length > 1) throw new Refusal('MALFORMED_XML', 'the document has no end');
  return only;
}

/** The first child of this name. */
export function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((one) => one.name === name);
}

/** The text of a child; undefined when it is not there or nil. */
export function textOf(element: Element, name: string): string | undefined {
  const found = child(element, name);
  return found === undefined || found.isNil ? undefined : found.text.trim();
}

export type Xml = string | number | boolean | null | { readonly [name: string]: Xml } | readonly Xml[];

/** An element with its content; a list is the element again and again, null says that it is nil. */
export function writeXml(name: string, content: Xml): string {
  if (Array.isArray(content)) return content.map((one: Xml) => writeXml(name, one)).join('');
  if (content === null) return `<${name} xsi:nil="true"/>`;
  if (typeof content === 'object')
    return `<${name}>${Object.entries(content)
      .map(([key, value]) => writeXml(key, value))
      .join('')}</${name}>`;
  return `<${name}>${String(content).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</${name}>`;
}
