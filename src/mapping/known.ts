import type { EntityDocument } from './document.ts';
import type { HubField, HubObject } from './mapping.ts';
import { adviseOneOf, type Findings, type Path } from './problems.ts';

/** Where a hub field is named in a mapping. */
export type Context = { readonly object: HubObject; readonly document: EntityDocument; readonly findings: Findings };

/** The hub field of that name. A rule over a field that no line brings would never hold, and nobody would notice. */
export function checkKnown(name: string, { path, object, document, findings }: Context & { path: Path }): HubField | undefined {
  const field = object.fields.get(name);
  if (field === undefined)
    findings.add(path, `the hub's ${object.name} has no field "${name}"`, adviseOneOf(name, [...object.fields.keys()]));
  else if (!document.fields.some((line) => line.hub === name && line.direction !== 'off'))
    findings.add(path, `no line of this file brings "${name}"`, 'Map it below');
  return field;
}
