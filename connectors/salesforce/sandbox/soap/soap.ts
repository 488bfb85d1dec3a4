import { type Context, Hono } from 'hono';
import { admit, type Deps, sessionEnded } from '../api/gate.ts';
import { Refusal } from '../refusal.ts';
import type { SoapCall } from './calls.ts';
import { metadataCalls } from './metadata-calls.ts';
import { partnerCalls } from './partner-calls.ts';
import { child, readXml, textOf, writeXml } from './xml.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const NAMESPACES = { u: 'urn:partner.soap.sforce.com', m: 'http://soap.sforce.com/2006/04/metadata' } as const;

/** The SOAP APIs, as far as only they can do something: converting, merging, metadata. Signing in by password is over since version 65. */
export function soapApp(deps: Omit<Deps, 'routes'>): Hono {
  const app = new Hono();
  app.post('/services/Soap/u/:version', (c) => answer(deps, c, { calls: partnerCalls, namespace: NAMESPACES.u }));
  app.post('/services/Soap/m/:version', (c) => answer(deps, c, { calls: metadataCalls, namespace: NAMESPACES.m }));
  return app;
}

type Side = { readonly calls: Readonly<Record<string, SoapCall>>; readonly namespace: string };

async function answer(deps: Omit<Deps, 'routes'>, c: Context, { calls, namespace }: Side): Promise<Response> {
  const { org, tokens, quota } = deps;
  org.store.settle(org.now());
  try {
    const envelope = readXml(await c.req.text());
    const [message] = child(envelope, 'Body')?.children ?? [];
    if (message === undefined) throw new Refusal('MALFORMED_XML', 'the body is empty');
    if (message.name === 'login') throw new Refusal('INVALID_OPERATION', 'login() is not available in this API version');
    quota.spend(org.now());
    admit(deps, c.req.url);
    const session = child(child(envelope, 'Header'), 'SessionHeader');
    if (session === undefined || !tokens.accept(textOf(session, 'sessionId') ?? '')) throw sessionEnded();
    const call = calls[message.name];
    if (call === undefined) throw new Refusal('INVALID_OPERATION', `there is no call ${message.name} here`);
    const result = writeXml('result', call(org, message));
    return sent(200, `<${message.name}Response xmlns="${namespace}">${result}</${message.name}Response>`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fault = { faultcode: `sf:${error.code}`, faultstring: `${error.code}: ${error.message}` };
    return sent(500, writeXml('soapenv:Fault', fault));
  }
}

function sent(status: number, body: string): Response {
  const text = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
  return new Response(text, { status, headers: { 'content-type': 'text/xml; charset=utf-8' } });
}
