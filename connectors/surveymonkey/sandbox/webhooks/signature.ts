import { createHmac } from 'node:crypto';

/** Over the very bytes of the body, with the credentials of the app. */
export function signatureOf(body: string, app: { readonly clientId: string; readonly clientSecret: string }): string {
  return createHmac('sha1', `${app.clientId}&${app.clientSecret}`).update(body).digest('base64');
}
