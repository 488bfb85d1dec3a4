import type { TFunction } from 'i18next';
import type { Connection, ConnectorCard, Draft } from '../api.ts';

/** What the connect form holds: every value as the text or switch that was typed. */
export type Filled = {
  readonly name: string;
  readonly origin: string;
  readonly kind: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** What a sign-in is to reach, by way. */
  readonly objects: readonly string[];
  /** Whether a sign-in asks for the rights to make Syncline's own fields. */
  readonly provision: boolean;
};

/** The form as it starts: a free name, the vendor's own address, and each setting's initial value; of an existing connection, what it has. */
export function startOf(connector: ConnectorCard, taken: readonly string[], existing: Connection | undefined): Omit<Filled, 'provision'> {
  const held = (name: string) => existing?.settings[name];
  return {
    name: existing?.name ?? freeName(connector.label, taken),
    origin: existing?.origin ?? connector.origin ?? '',
    kind: existing?.authKind ?? connector.auth[0]?.kind ?? '',
    objects: existing?.streams.some(({ enabled }) => enabled)
      ? existing.streams.filter(({ enabled }) => enabled).map(({ object }) => object)
      : connector.together,
    secrets: Object.fromEntries(connector.auth.flatMap((way) => way.fields.map((field) => [field.name, '']))),
    settings: Object.fromEntries(
      connector.settings.map((field) => [
        field.name,
        String(held(field.name) ?? field.initial ?? (field.kind === 'switch' ? 'false' : '')),
      ]),
    ),
  };
}

function freeName(label: string, taken: readonly string[]): string {
  if (!taken.includes(label)) return label;
  for (let number = 2; ; number += 1) if (!taken.includes(`${label} ${number}`)) return `${label} ${number}`;
}

/** What the API is sent: only the fields of the chosen way to sign in, and only settings that were filled in. */
export function draftOf(connector: ConnectorCard, filled: Filled): Draft {
  const fields = connector.auth.find((way) => way.kind === filled.kind)?.fields ?? [];
  const origin = filled.origin.trim().replace(/\/+$/, '');
  return {
    connector: connector.id,
    name: filled.name.trim(),
    origin: origin === '' || origin === connector.origin ? null : origin,
    auth: { kind: filled.kind, values: Object.fromEntries(fields.map(({ name }) => [name, filled.secrets[name]?.trim() ?? ''])) },
    settings: Object.fromEntries(
      settingsOf(connector, filled).flatMap(({ name }) => {
        const value = filled.settings[name]?.trim() ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    ),
  };
}

/** The settings that the chosen way to sign in has. */
export const settingsOf = ({ settings }: ConnectorCard, { kind }: Pick<Filled, 'kind'>) =>
  settings.filter(({ way }) => way === undefined || way === kind);

/** Whether the connection holds these secrets already, so that they can be left as they are. */
export const holdsSecrets = (existing: Connection | undefined, { kind, origin }: Pick<Filled, 'kind' | 'origin'>): boolean =>
  kind === 'oauth2' && existing?.authKind === kind && existing.origin === origin.trim().replace(/\/+$/, '');

type Around = { readonly taken: readonly string[]; readonly existing: Connection | undefined; readonly t: TFunction<'connections'> };
type Wrong = Readonly<Record<string, string>>;

/** What is missing or cannot be, by the path of its input. */
export function wrongIn(connector: ConnectorCard, filled: Filled, { taken, existing, t }: Around): Wrong {
  const ways = connector.auth.find((way) => way.kind === filled.kind)?.fields ?? [];
  const wrong: [string, string][] = [];
  if (filled.name.trim() === '') wrong.push(['name', t('form.giveName')]);
  if (taken.includes(filled.name.trim())) wrong.push(['name', t('form.nameTaken')]);
  if (filled.origin.trim() === '' && connector.origin === null && connector.arrives === undefined)
    wrong.push(['origin', t('form.giveHost')]);
  if (filled.origin.trim() !== '' && !isAddress(filled.origin.trim())) wrong.push(['origin', t('form.notAddress')]);
  for (const { name, label } of holdsSecrets(existing, filled) ? [] : ways)
    if ((filled.secrets[name] ?? '').trim() === '') wrong.push([`secrets.${name}`, t('form.needed', { label })]);
  for (const { name, label, required } of settingsOf(connector, filled))
    if (required && (filled.settings[name] ?? '').trim() === '') wrong.push([`settings.${name}`, t('form.needed', { label })]);
  return Object.fromEntries(wrong);
}

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** The input that an error of the API points at: `#/auth/values/token` is `secrets.token`. */
export function inputOf(pointer: string): string {
  return pointer
    .replace(/^#\//, '')
    .replace(/^auth\/values\//, 'secrets/')
    .replace(/^auth\/kind$/, 'kind')
    .replaceAll('/', '.');
}
