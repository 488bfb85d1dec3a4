import type { FieldValue } from '../contract/records.ts';
import type { Codec, HubFieldType, Translated, UNMAPPED_POLICIES } from './mapping.ts';
import { defaultTransform, type Transform, type TransformSpec, transformOf } from './transforms.ts';
import { given, isList, refused, type Scalar } from './translated.ts';

export type UnmappedPolicy = (typeof UNMAPPED_POLICIES)[number];

/** One value here and what it is called there: one name on a line that goes both ways. */
export type ValuePair = { readonly hub: string; readonly remotes: readonly Scalar[] };

/** What a line says about its values, before it is compiled. */
export type CodecSpec = {
  readonly type: HubFieldType;
  readonly transform: TransformSpec | null;
  readonly values: readonly ValuePair[] | null;
  readonly unmapped: UnmappedPolicy;
};

/** Compiles a line: decode is transform, then value map; encode is value map, then transform. */
export function codecOf(spec: CodecSpec): Codec {
  const transform = lineTransform(spec);
  if (spec.values === null) return { encode: transform.encode, decode: transform.decode, spec };
  const typed = defaultTransform(spec.type);
  const toHub = new Map(spec.values.flatMap(({ hub, remotes }) => remotes.map((remote) => [String(remote), hub] as const)));
  const toRemote = new Map(spec.values.flatMap(({ hub, remotes }) => remotes.slice(0, 1).map((remote) => [hub, remote] as const)));
  return {
    decode: (remote) =>
      andThen(
        andThen(transform.decode(remote), (value) => named(value, toHub, spec.unmapped)),
        typed.decode,
      ),
    encode: (hub) =>
      andThen(
        andThen(typed.encode(hub), (value) => named(value, toRemote, spec.unmapped)),
        transform.encode,
      ),
    spec,
  };
}

/** The transform that a line works with. A value map stands between words, whatever the hub's type, so it reads text. */
export function lineTransform({ type, transform, values }: CodecSpec): Transform {
  if (transform !== null) return transformOf(transform);
  if (values !== null && type !== 'choices') return transformOf({ name: 'text' });
  return defaultTransform(type);
}

function andThen(first: Translated, next: (value: FieldValue) => Translated): Translated {
  return first.ok ? next(first.value) : first;
}

function named(value: FieldValue, names: ReadonlyMap<string, Scalar>, unmapped: UnmappedPolicy): Translated {
  if (value === null) return given(null);
  const items = isList(value) ? value : [value];
  const missing = items.find((item) => !names.has(String(item)));
  if (missing !== undefined && unmapped !== 'pass') return withoutName(missing, unmapped);
  const renamed = items.map((item) => names.get(String(item)) ?? item);
  return given(isList(value) ? renamed.map(String) : (renamed[0] ?? null));
}

// A list with one option that has no name stays away whole: leaving the option out would delete it on the way back.
function withoutName(value: Scalar, unmapped: 'hold' | 'ignore'): Translated {
  const reason = `the value map has no counterpart for ${JSON.stringify(value)}`;
  return unmapped === 'ignore' ? { ok: false, reason, ignored: true } : refused(reason);
}
