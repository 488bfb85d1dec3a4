export const CALLBACK_PATH = '/oauth/callback';

/** Where vendors lead people back to: one address for all of them, which each app over there has to know. */
export const redirectUriOf = (publicUrl: string): string => new URL(CALLBACK_PATH, publicUrl).toString();
