import type { SandboxOptions } from './sandbox.ts';

type Plain = string | number | boolean;
type Widened<T> = { readonly [K in keyof T]: T[K] extends number ? number : T[K] extends boolean ? boolean : T[K] };

/**
 * The switches of a sandbox: what was given over what it does by default. A name or a type that it does not know is refused; text stands for a number
 * or a truth value where the switch is one, as on a command line.
 */
export function readSwitches<T extends Readonly<Record<string, Plain>>>(initial: T, given: SandboxOptions['switches']): Widened<T> {
  const entries = Object.entries(given).map(([name, value]): [string, Plain] => {
    const known = Object.hasOwn(initial, name) ? initial[name] : undefined;
    if (known === undefined) throw new Error(`there is no switch "${name}"; there are ${Object.keys(initial).join(', ')}`);
    const read = typeof value === 'string' ? inText(value, known) : value;
    if (typeof known !== typeof read) throw new Error(`the switch "${name}" is a ${typeof known}, not ${JSON.stringify(value)}`);
    return [name, read];
  });
  return { ...initial, ...Object.fromEntries(entries) } as Widened<T>;
}

function inText(text: string, known: Plain): Plain {
  if (typeof known === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const isNumber = typeof known === 'number' && text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}
