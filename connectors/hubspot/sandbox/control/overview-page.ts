import { html } from 'hono/html';
import type { Html } from '../../../../src/sandbox/page/layout.ts';
import { options } from '../../../../src/sandbox/page/overview.ts';
import { NOISES } from '../noise.ts';
import type { Delivery } from '../webhooks/sender.ts';

export function objectsSection(counts: readonly (readonly [name: string, typeId: string, count: number])[]): Html {
  const rows = counts.map(
    ([name, typeId, count]) =>
      html`<tr><td><a href="/_sandbox/objects/${name}">${name}</a></td><td class="code">${typeId}</td><td class="number">${count}</td></tr>`,
  );
  return html`<section><h2>Records</h2>
<table><thead><tr><th>Object</th><th>Type</th><th class="number">Records</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

export function lifeSection(webhooks: { readonly waiting: number; readonly lost: number; readonly log: readonly Delivery[] }): Html {
  const rows = webhooks.log
    .slice(0, 5)
    .map(
      ({ at, events, status, failed }) =>
        html`<tr><td class="code">${at}</td><td class="number">${events}</td><td>${status ?? failed}</td></tr>`,
    );
  return html`<section><h2>Time and noise</h2>
<form class="row" method="post" action="/_sandbox/clock"><label>Seconds<input name="seconds" type="number" min="1" value="60"></label><button>Let them pass</button></form>
<form class="row" method="post" action="/_sandbox/noise"><label>Noise<select name="kind">${options(NOISES)}</select></label>
<label>Contacts<input name="count" type="number" min="1" value="10"></label><button>Make it</button></form>
<h2>Webhooks</h2>
<p>${webhooks.waiting} events wait, ${webhooks.lost} were given up.</p>
${rows.length === 0 ? '' : html`<table><tbody>${rows}</tbody></table>`}</section>`;
}
