import { HubError } from '../../../src/contract/errors.ts';
import { list, object, texts } from '../http/shapes.ts';
import type { Room } from '../room.ts';

/** The properties without which a record of the type is refused; those of a portal's own types stand in their definition. */
export async function readRequired({ hubspot, type }: Room): Promise<readonly string[]> {
  if (type.typeId !== null) return type.required;
  const { body } = await hubspot.get(hubspot.paths.schemas());
  const schemas = list(object(body, 'schemas').results, 'schemas.results').map((raw) => object(raw, 'schema'));
  const own = schemas.find(({ name }) => name === type.name);
  if (own !== undefined) return texts(own.requiredProperties);
  const names = schemas.flatMap(({ name }) => texts(name)).join(', ');
  throw new HubError('misconfigured', `HubSpot has no custom object "${type.name}". It has: ${names === '' ? 'none' : names}`);
}
