import type { SandboxOptions } from './sandbox.ts';

type Plain = string | number | boolean;
type Widened<T> = { readonly [K in keyof T]: T[K] extends number ? number : T[K] extends boolean ? boolean : T[K] };

/** The switches of a sandbox: what was given over what it does by default. A name or a type that it does not know is refused. */
export function readSwitches<T extends Readonly<Record<string, Plain>>>(initial: T, given: SandboxOptions['switches']): Widened<T> {
  for (const [name, value] of Object.entries(given)) {
    const known = Object.hasOwn(initial, name) ? initial[name] : undefined;
    if (known === undefined) throw new Error(`there is no switch "${name}"; there are ${Object.keys(initial).join(', ')}`);
    if (typeof known !== typeof value) throw new Error(`the switch "${name}" is a ${typeof known}, not ${JSON.stringify(value)}`);
  }
  return { ...initial, ...given } as Widened<T>;
}
