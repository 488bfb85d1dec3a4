import type { MiddlewareHandler } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';

/** Where the page that reads the API's description stands, and the script that draws it. */
export const READER_PATH = '/api/docs';
export const READER = 'https://cdn.jsdelivr.net/npm/@scalar/api-reference@1.72.1';

const COMMON = {
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // On plain HTTP it says nothing; where TLS ends before us it is for the one who ends it to say.
  strictTransportSecurity: false,
};
const NOTHING_ELSE = { objectSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] };

const everywhere = secureHeaders({
  ...COMMON,
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    // The page's components set sizes and colours by style attributes.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    formAction: ["'self'"],
    ...NOTHING_ELSE,
  },
});
const onTheReader = secureHeaders({
  ...COMMON,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: [NONCE, new URL(READER).origin],
    styleSrc: ["'unsafe-inline'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'https://fonts.scalar.com'],
    formAction: ["'none'"],
    ...NOTHING_ELSE,
  },
});

/** What browsers are told to refuse: scripts that stand in a page, frames, and whatever comes from elsewhere. */
export const safeHeaders: MiddlewareHandler = (c, next) => (c.req.path === READER_PATH ? onTheReader(c, next) : everywhere(c, next));
