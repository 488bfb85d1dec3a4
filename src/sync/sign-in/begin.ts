import { createHash } from 'node:crypto';
import { HubError } from '../../contract/errors.ts';
import type { OAuth2 } from '../../contract/manifest.ts';
import { type Reach, scopesFor } from '../../contract/sign-in.ts';
import { type Binding, beginSignIn, newSecret } from '../../hub/access/sign-ins.ts';
import { findConnection, listStreams } from '../../hub/connections/connections.ts';
import { newId } from '../../hub/ids.ts';
import { objectsTogether } from '../../mapping/mappings.ts';
import { nameHindrance, type Refused, refusedBy } from '../connecting/connect.ts';
import { type Draft, type ReadDraft, readDraft } from '../connecting/read-draft.ts';
import { type Engine, mappingOf } from '../engine.ts';

/** What a sign-in is begun with: sealed, until somebody comes back with its state. */
export type Begun = {
  readonly draft: Draft;
  readonly verifier: string | null;
  readonly redirectUri: string;
  readonly reaches: readonly Reach[];
  /** Where the person is led; it holds the state. */
  readonly link: string;
};
export type Wish = {
  readonly draft: Draft;
  /** The objects that the sign-in is to reach; missing: those that are switched on, or will be together with the connection. */
  readonly objects?: readonly string[] | undefined;
  /** Whether it asks as well for the rights to make the hub's own fields there. */
  readonly provision?: boolean | undefined;
  readonly redirectUri: string;
  readonly binding: Binding;
  readonly actor: string;
};

/** Notes down a sign-in, and says where the person who is to say yes has to go. Nothing is asked of the vendor. */
export async function begin(
  engine: Engine,
  wish: Wish,
): Promise<{ readonly ok: true; readonly id: string; readonly link: string; readonly scopes: readonly string[] } | Refused> {
  const hindrance = await nameHindrance(engine, wish.draft);
  if (hindrance !== null) return hindrance;
  try {
    const draft = await withKeptSecrets(engine, wish.draft);
    const read = readDraft(engine, draft);
    if (read.way.kind !== 'oauth2')
      throw new HubError('misconfigured', `${read.manifest.label} does not sign in with ${draft.auth.kind} in a browser`);
    const reaches = await reachesOf(engine, read, { name: draft.name, objects: wish.objects, provision: wish.provision === true });
    const [state, verifier, scopes] = [newSecret(), read.way.pkce ? newSecret() : null, scopesFor(read.way, reaches)];
    const { redirectUri } = wish;
    const link = authorizeLink(read.way, read, { redirectUri, scopes, state, verifier });
    const begun: Begun = { draft, verifier, redirectUri, reaches, link };
    const id = newId();
    const sealed = engine.vault.seal({ connectionId: id, purpose: 'sign_in' }, JSON.stringify(begun));
    const { connector, name } = draft;
    await beginSignIn(engine.hub, { id, connector, name, actor: wish.actor, state, sealed, binding: wish.binding });
    return { ok: true, id, link, scopes };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return refusedBy(error, wish.draft.name);
  }
}

/** A connection that is there keeps its app's id and secret when they are not given anew, as long as they go to the same address. */
async function withKeptSecrets(engine: Engine, draft: Draft): Promise<Draft> {
  const existing = await findConnection(engine.hub, draft.name);
  const given = Object.fromEntries(Object.entries(draft.auth.values).filter(([, value]) => value !== ''));
  const origin = (draft.origin ?? engine.connectors.get(draft.connector)?.manifest.origin)?.replace(/\/+$/, '');
  if (existing === undefined || existing.origin !== origin) return draft;
  const { kind, values } = await engine.vault.open(existing.id);
  if (kind !== draft.auth.kind) return draft;
  const kept = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.reveal()]));
  return { ...draft, auth: { kind, values: { ...kept, ...given } } };
}

async function reachesOf(
  engine: Engine,
  { manifest }: ReadDraft,
  wish: { readonly name: string; readonly objects: readonly string[] | undefined; readonly provision: boolean },
): Promise<readonly Reach[]> {
  const existing = await findConnection(engine.hub, wish.name);
  const streams =
    existing === undefined ? [] : (await listStreams(engine.hub, { connectionId: existing.id })).filter(({ enabled }) => enabled);
  const directions = new Map(streams.map(({ object, direction }) => [object, direction]));
  const connection = { connector: manifest.id, name: wish.name };
  const together = new Set(objectsTogether(engine.mappings, connection));
  const unknown = wish.objects?.find((object) => manifest.objects[object] === undefined);
  if (unknown !== undefined)
    throw new HubError(
      'misconfigured',
      `${manifest.label} has no object "${unknown}". It has: ${Object.keys(manifest.objects).join(', ')}`,
    );
  return Object.entries(manifest.objects).flatMap(([object, traits]) => {
    const mapping = mappingOf(engine, connection, object);
    const isWanted = wish.objects?.includes(object) ?? (streams.length > 0 ? directions.has(object) : together.has(object));
    const direction = directions.get(object) ?? (mapping?.kind === 'entity' ? mapping.direction : 'in');
    const writes = traits.write !== undefined && direction !== 'in';
    const of = (mapping?.kind === 'entity' ? mapping.of : undefined) ?? object;
    return isWanted ? [{ object: of, writes, provisions: writes && wish.provision && traits.provision !== undefined }] : [];
  });
}

type Asked = { readonly redirectUri: string; readonly scopes: readonly string[]; readonly state: string; readonly verifier: string | null };

function authorizeLink(way: OAuth2, { origin, settings, credential }: ReadDraft, { redirectUri, scopes, state, verifier }: Asked): string {
  const named = settings[way.authorize.originSetting];
  const at = typeof named === 'string' && named !== '' ? named : (way.authorize.origin ?? origin);
  if (!URL.canParse(at) || !/^https?:$/.test(new URL(at).protocol))
    throw new HubError('misconfigured', `"${at}" is not an http or https address, and nobody can sign in there`);
  const link = new URL(at.replace(/\/+$/, '') + way.authorize.path);
  link.search = new URLSearchParams({
    response_type: 'code',
    client_id: credential.values.client_id?.reveal() ?? '',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    ...(verifier === null ? {} : { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }),
  }).toString();
  return link.toString();
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
