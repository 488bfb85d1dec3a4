import type { FilePort } from '../../src/contract/files.ts';
import { lookAt } from './look.ts';
import { lotsOf } from './lots.ts';

/** Tables as text: delimited in any usual way, in any usual encoding. */
export const files: FilePort = { look: lookAt, lots: lotsOf };
