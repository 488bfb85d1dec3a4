import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8_NAME = 0x0800;
const DEFLATED = 8;

/** Numbers of two or four bytes, one after the other, lowest byte first. */
function numbers(...parts: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(parts.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of parts) at = size === 2 ? buffer.writeUInt16LE(value, at) : buffer.writeUInt32LE(value, at);
  return buffer;
}

/** A zip archive with one file in it. */
export function zipOf(name: string, content: Buffer): Buffer {
  const [named, packed] = [Buffer.from(name), deflateRawSync(content)];
  const about = [
    [2, VERSION],
    [2, UTF8_NAME],
    [2, DEFLATED],
    [4, 0],
    [4, crc32(content)],
    [4, packed.length],
    [4, content.length],
    [2, named.length],
    [2, 0],
  ] as const;
  const local = Buffer.concat([numbers([4, LOCAL], ...about), named, packed]);
  const central = Buffer.concat([numbers([4, CENTRAL], [2, VERSION], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, 0]), named]);
  const end = numbers([4, END], [2, 0], [2, 0], [2, 1], [2, 1], [4, central.length], [4, local.length], [2, 0]);
  return Buffer.concat([local, central, end]);
}
