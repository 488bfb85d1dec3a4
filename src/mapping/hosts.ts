const HOST = /^[^\s:@./?#]+(?:\.[^\s:@./?#]+)+$/;

/** True for a bare host of at least two labels. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** The bare host in what people type into a website field; text that holds no host comes back as it is. */
export function hostOf(text: string): string {
  const rest = text
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^\/\//, '');
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  const bare = host.replace(/^(?:www\.)+(?=[^.]+\.)/, '').replace(/\.+$/, '');
  return isHost(bare) ? bare : text;
}
