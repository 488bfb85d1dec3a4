import { html } from 'hono/html';
import { OAUTH_APP } from './oauth.ts';

/** What stands in the address of the authorize page, carried on by its form. */
type Carried = Readonly<Record<string, string>>;

/** The page on which a user of the portal lets an app in, or not. */
export function authorizePage(portalId: number, scopes: readonly string[], carried: Carried) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connect ${OAUTH_APP.name} to HubSpot</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; background: #f5f8fa; color: #213343; display: grid; place-items: center; min-height: 100vh; margin: 0; }
main { background: #fff; border: 1px solid #cbd6e2; border-radius: 8px; padding: 2rem; max-width: 32rem; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; }
li { font-family: ui-monospace, monospace; font-size: .85rem; }
button { font: inherit; padding: .5rem 1.25rem; border-radius: 4px; border: 1px solid #b3401b; background: #b3401b; color: #fff; cursor: pointer; }
button[value=deny] { background: #fff; color: #213343; border-color: #516f90; }
</style>
</head>
<body>
<main>
<h1>${OAUTH_APP.name} wants to connect to account ${portalId}</h1>
<p>It will be able to use:</p>
<ul>${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
<form method="post" action="/oauth/authorize">
${Object.entries(carried).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Cancel</button>
</form>
</main>
</body>
</html>`;
}
