import type { Connector } from '../../contract/connector.ts';
import type { Auth, Manifest, SettingField } from '../../contract/manifest.ts';
import type { ConnectionDraft } from '../parts.ts';
import { Problem, type ProblemError } from '../problem.ts';

/** Holds a connection's description against the manifest of its connector; all that is wrong is said at once. */
export function checkDraft(connectors: ReadonlyMap<string, Connector>, draft: ConnectionDraft): void {
  const manifest = connectors.get(draft.connector)?.manifest;
  const errors =
    manifest === undefined
      ? [{ pointer: '#/connector', detail: `Use one of ${[...connectors.keys()].join(', ')}.` }]
      : wrongIn(manifest, draft);
  if (errors.length > 0) throw new Problem(422, 'The connection is not described as its connector needs it: see errors.', { errors });
}

/** The same for one that is made by signing in: what a connection holds already need not be given again. */
export function checkSignIn(connectors: ReadonlyMap<string, Connector>, draft: ConnectionDraft): void {
  const way = connectors.get(draft.connector)?.manifest.auth.find(({ kind }) => kind === draft.auth.kind);
  const stand = Object.fromEntries((way?.fields ?? []).map(({ name }) => [name, draft.auth.values[name] || 'kept']));
  checkDraft(connectors, { ...draft, auth: { ...draft.auth, values: { ...draft.auth.values, ...stand } } });
}

function wrongIn(manifest: Manifest, draft: ConnectionDraft): readonly ProblemError[] {
  const origin =
    draft.origin === null && manifest.origin === null && manifest.arrives === undefined
      ? [{ pointer: '#/origin', detail: 'Every customer has an address of their own: give yours.' }]
      : [];
  const auth = manifest.auth.find((way) => way.kind === draft.auth.kind);
  const kinds = manifest.auth.map((way) => way.kind).join(', ');
  const credentials =
    auth === undefined ? [{ pointer: '#/auth/kind', detail: `Use one of ${kinds}.` }] : wrongCredentials(auth, draft.auth.values);
  return [...origin, ...credentials, ...wrongSettings(manifest.settings, draft.settings)];
}

function wrongCredentials(auth: Auth, values: Readonly<Record<string, string>>): readonly ProblemError[] {
  const missing = auth.fields
    .filter((field) => (values[field.name] ?? '') === '')
    .map((field) => ({ pointer: `#/auth/values/${field.name}`, detail: `${field.label} is needed.` }));
  return [...missing, ...unknown('#/auth/values', values, auth.fields)];
}

function wrongSettings(fields: readonly SettingField[], values: Readonly<Record<string, string>>): readonly ProblemError[] {
  const wrong = fields.flatMap((field) => {
    const detail = wrongSetting(field, values[field.name] ?? field.initial ?? '');
    return detail === null ? [] : [{ pointer: `#/settings/${field.name}`, detail }];
  });
  return [...wrong, ...unknown('#/settings', values, fields)];
}

function wrongSetting(field: SettingField, value: string): string | null {
  if (value === '') return field.required ? `${field.label} is needed.` : null;
  if (field.kind === 'number' && !Number.isFinite(Number(value))) return 'Give a number.';
  if (field.kind === 'switch' && value !== 'true' && value !== 'false') return 'Use true or false.';
  const choices = field.choices ?? [];
  if (field.kind === 'choice' && !choices.some((choice) => choice.value === value))
    return `Use one of ${choices.map((choice) => choice.value).join(', ')}.`;
  return null;
}

function unknown(pointer: string, values: object, fields: readonly { readonly name: string }[]): readonly ProblemError[] {
  const known = new Set(fields.map((field) => field.name));
  return Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => ({ pointer: `${pointer}/${name}`, detail: 'The connector does not know this name.' }));
}
