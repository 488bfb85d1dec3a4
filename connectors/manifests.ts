import type { Manifest } from '../src/contract/manifest.ts';
import { manifest as csv } from './csv/manifest.ts';
import { manifest as hubspot } from './hubspot/manifest.ts';
import { manifest as questionpro } from './questionpro/manifest.ts';
import { manifest as salesforce } from './salesforce/manifest.ts';
import { manifest as surveymonkey } from './surveymonkey/manifest.ts';
import { manifest as typeform } from './typeform/manifest.ts';
import { manifest as webhook } from './webhook/manifest.ts';

/** What every connector says of itself, without the SDKs that come with its ports: for where nothing is opened, such as the edge. */
export const MANIFESTS: readonly Manifest[] = [csv, hubspot, questionpro, salesforce, surveymonkey, typeform, webhook];
