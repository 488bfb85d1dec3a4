import type { Connector } from '../src/contract/connector.ts';
import { csv } from './csv/index.ts';
import { hubspot } from './hubspot/index.ts';
import { questionpro } from './questionpro/index.ts';
import { salesforce } from './salesforce/index.ts';
import { surveymonkey } from './surveymonkey/index.ts';
import { typeform } from './typeform/index.ts';
import { webhook } from './webhook/index.ts';

/** Every connector, by id. This file and the sandboxes' list are the only ones that name them all. */
export const CONNECTORS: ReadonlyMap<string, Connector> = new Map(
  [csv, hubspot, questionpro, salesforce, surveymonkey, typeform, webhook].map((connector) => [connector.manifest.id, connector]),
);
