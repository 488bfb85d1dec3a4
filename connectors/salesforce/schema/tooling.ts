import type { Client } from '../http/client.ts';
import { parseRowsBy, type VendorSetup } from '../http/wire.ts';
import { literal } from '../read/soql.ts';

/** The custom fields of an object that have these names, without `__c`, whoever may see them; by that name. */
export async function customFieldsNamed(
  client: Client,
  owner: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, VendorSetup>> {
  const table = await tableOf(client, owner);
  if (table === null) return new Map();
  const among = names.map(literal).join(',');
  return rowsNamed(
    client,
    `SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = ${literal(table)} AND NamespacePrefix = null AND DeveloperName IN (${among})`,
  );
}

/** What its fields are listed under: an object of the org's own by its id. */
async function tableOf(client: Client, name: string): Promise<string | null> {
  const [, namespace, own] = /^(?:(\w+?)__)?(\w+?)__c$/.exec(name) ?? [];
  if (own === undefined) return name;
  const of = namespace === undefined ? 'null' : literal(namespace);
  const soql = `SELECT Id, DeveloperName FROM CustomObject WHERE NamespacePrefix = ${of} AND DeveloperName = ${literal(own)}`;
  return (await rowsNamed(client, soql)).get(own)?.id ?? null;
}

const rowsNamed = async (client: Client, soql: string) =>
  parseRowsBy((await client.send({ method: 'GET', path: `/tooling/query?q=${encodeURIComponent(soql)}` })).body, 'DeveloperName');
