import { createServer } from 'node:http';

/**
 * Pages of contacts, rendered beforehand and served as they are: what a benchmark reads from, so that it measures the reader and not the
 * server. Run as a process of its own: `node page-server.ts <contacts>`; it says its port, and takes `{ "change": n }` to change every nth.
 */
const COUNT = Number(process.argv[2] ?? 1000);
const PAGE = 100;
const FILLERS = 18;
const FIRST_ID = 1001;
const MINUTE_MS = 60_000;
const STARTED = Date.now() - 24 * 60 * MINUTE_MS;

const NAMES = [
  'email',
  'firstname',
  'lastname',
  'phone',
  'mobilephone',
  'jobtitle',
  'address',
  'city',
  'state',
  'zip',
  'country',
  'lifecyclestage',
];

function contact(nth: number, edition: number): object {
  const values: Record<string, string | null> = {
    email: `person.${nth}@company-${nth % 5000}.example`,
    firstname: `First ${nth}`,
    lastname: `Last ${nth}`,
    phone: `+1 415 555 ${String(nth % 10_000).padStart(4, '0')}`,
    mobilephone: null,
    jobtitle: edition === 0 ? 'Engineer' : `Engineer ${edition}`,
    address: `${nth} Main Street`,
    city: 'Springfield',
    state: 'IL',
    zip: '62701',
    country: 'United States',
    lifecyclestage: 'lead',
    hs_object_id: String(FIRST_ID + nth),
    createdate: new Date(STARTED).toISOString(),
  };
  for (let filler = 0; filler < FILLERS; filler += 1)
    values[`custom_${filler}`] = filler % 3 === 0 ? null : `value ${filler} of contact ${nth}`;
  const changed = new Date(edition === 0 ? STARTED + nth : Date.now()).toISOString();
  return {
    id: String(FIRST_ID + nth),
    properties: { ...values, lastmodifieddate: changed },
    createdAt: values.createdate,
    updatedAt: changed,
    archived: false,
  };
}

let edition = 0;
let every = 0;
const isChanged = (nth: number): boolean => every > 0 && nth % every === 0;

function page(nth: number): string {
  const results = Array.from({ length: Math.min(PAGE, COUNT - nth) }, (_, i) => contact(nth + i, isChanged(nth + i) ? edition : 0));
  const next = nth + PAGE < COUNT ? { paging: { next: { after: String(FIRST_ID + nth + PAGE), link: '' } } } : {};
  return JSON.stringify({ results, ...next });
}

const render = (): string[] => Array.from({ length: Math.ceil(COUNT / PAGE) }, (_, i) => page(i * PAGE));
let pages = render();
const properties = JSON.stringify({
  results: [...NAMES, ...Array.from({ length: FILLERS }, (_, i) => `custom_${i}`)].map((name) => ({
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'contactinformation',
    options: [],
    calculated: false,
    modificationMetadata: { readOnlyValue: false },
  })),
});
let calls = 0;

const server = createServer((request, response) => {
  calls += 1;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const after = Number(url.searchParams.get('after') ?? FIRST_ID);
  const send = (body: string): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  if (url.pathname === '/crm/objects/2026-09/contacts') return send(pages[Math.floor((after - FIRST_ID) / PAGE)] ?? '{"results":[]}');
  if (url.pathname === '/crm/objects/2026-09/contacts/search') return search(request, send);
  if (url.pathname === '/crm/objects/2026-09/contacts/batch/read') return readBatch(request, send);
  if (url.pathname.startsWith('/crm/properties/2026-09/')) return send(properties);
  if (url.pathname.startsWith('/account-info/')) return send('{"portalId":1,"timeZone":"UTC"}');
  return send('{"results":[]}');
});

async function bodyOf<T>(request: AsyncIterable<Buffer>): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as T;
}

/** The contacts of these ids, as they are. */
function readBatch(request: AsyncIterable<Buffer>, send: (body: string) => void): void {
  void (async () => {
    const { inputs } = await bodyOf<{ inputs: { id: string }[] }>(request);
    const places = inputs.map(({ id }) => Number(id) - FIRST_ID).filter((nth) => nth >= 0 && nth < COUNT);
    send(JSON.stringify({ status: 'COMPLETE', results: places.map((nth) => contact(nth, isChanged(nth) ? edition : 0)) }));
  })();
}

/** What changed, in order of id, after the id that the last filter names. */
function search(request: AsyncIterable<Buffer>, send: (body: string) => void): void {
  void (async () => {
    const body = await bodyOf<{ limit: number; filterGroups: { filters: { propertyName: string; value: string }[] }[] }>(request);
    const last = Number(body.filterGroups[0]?.filters.find((filter) => filter.propertyName === 'hs_object_id')?.value ?? 0);
    const found: object[] = [];
    if (every > 0)
      for (let nth = 0; nth < COUNT && found.length < body.limit; nth += every)
        if (FIRST_ID + nth > last) found.push(contact(nth, edition));
    send(JSON.stringify({ total: found.length, results: found }));
  })();
}

process.on('message', (message: { change?: number; calls?: true }) => {
  if (message.change !== undefined) {
    every = message.change;
    edition += 1;
    pages = render();
  }
  process.send?.({ done: true, calls });
  calls = 0;
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
