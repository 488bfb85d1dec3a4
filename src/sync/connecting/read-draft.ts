import type { Credential } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Auth, Manifest } from '../../contract/manifest.ts';
import type { Fields } from '../../contract/records.ts';
import { Secret } from '../../kernel/secret.ts';
import type { Engine } from '../engine.ts';

/** A connection as an admin describes it. Origin null: the vendor's own. */
export type Draft = {
  readonly connector: string;
  readonly name: string;
  readonly origin: string | null;
  readonly auth: { readonly kind: string; readonly values: Readonly<Record<string, string>> };
  readonly settings: Readonly<Record<string, string>>;
};

/** A draft that has been held against its connector's manifest. */
export type ReadDraft = {
  readonly origin: string;
  readonly settings: Fields;
  readonly credential: Credential;
  readonly manifest: Manifest;
  readonly way: Auth;
};

/** Holds a draft against the manifest of its connector; `misconfigured` says what is missing or cannot be. */
export function readDraft(engine: Engine, draft: Draft): ReadDraft {
  const manifest = engine.connectors.get(draft.connector)?.manifest;
  if (manifest === undefined)
    throw new HubError(
      'misconfigured',
      `There is no connector "${draft.connector}". There are: ${[...engine.connectors.keys()].join(', ')}.`,
    );
  // Where records only arrive there is no address to call.
  const origin = manifest.arrives === undefined ? (draft.origin ?? manifest.origin) : '';
  if (origin === null) throw new HubError('misconfigured', `${manifest.label} needs the address of your own host.`);
  if (manifest.arrives === undefined && !URL.canParse(origin))
    throw new HubError('misconfigured', `"${origin}" is not an http or https address.`);
  const auth = manifest.auth.find((one) => one.kind === draft.auth.kind);
  if (auth === undefined)
    throw new HubError('misconfigured', `${manifest.label} signs in with ${manifest.auth.map((one) => one.kind).join(' or ')}.`);
  const missing = auth.fields.filter((field) => (draft.auth.values[field.name] ?? '') === '');
  if (missing.length > 0)
    throw new HubError('misconfigured', `${manifest.label} needs: ${missing.map((field) => field.label).join(', ')}.`);
  const values = Object.fromEntries(auth.fields.map((field) => [field.name, new Secret(draft.auth.values[field.name] ?? '')]));
  return {
    origin: origin.replace(/\/+$/, ''),
    settings: readSettings(manifest, draft.settings),
    credential: { kind: auth.kind, values },
    manifest,
    way: auth,
  };
}

function readSettings(manifest: Manifest, given: Readonly<Record<string, string>>): Fields {
  const known = new Map(manifest.settings.map((field) => [field.name, field]));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new HubError(
      'misconfigured',
      `${manifest.label} has no setting "${unknown}". It has: ${[...known.keys()].join(', ') || 'none'}.`,
    );
  return Object.fromEntries(
    manifest.settings.flatMap((field) => {
      const text = given[field.name] ?? field.initial ?? '';
      if (text === '' && field.required)
        throw new HubError('misconfigured', `${manifest.label} needs the setting "${field.name}" (${field.label}).`);
      if (text === '') return [];
      if (field.kind === 'number' && !Number.isFinite(Number(text))) throw new HubError('misconfigured', `"${field.name}" takes a number.`);
      if (field.choices !== undefined && !field.choices.some((choice) => choice.value === text))
        throw new HubError('misconfigured', `"${field.name}" takes one of ${field.choices.map((choice) => choice.value).join(', ')}.`);
      return [[field.name, field.kind === 'number' ? Number(text) : field.kind === 'switch' ? text === 'true' : text] as const];
    }),
  );
}
