import { html } from 'hono/html';
import type { Seen } from '../front/request-log.ts';
import { TROUBLES, type Trouble } from '../front/troubles.ts';
import { NOISES } from '../noise.ts';
import type { Delivery } from '../webhooks/sender.ts';
import type { Html } from './layout.ts';

function options(names: readonly string[]): readonly Html[] {
  return names.map((name) => html`<option>${name}</option>`);
}

export function objectsSection(counts: readonly (readonly [name: string, typeId: string, count: number])[]): Html {
  const rows = counts.map(
    ([name, typeId, count]) =>
      html`<tr><td><a href="/_sandbox/objects/${name}">${name}</a></td><td class="code">${typeId}</td><td class="number">${count}</td></tr>`,
  );
  return html`<section><h2>Records</h2>
<table><thead><tr><th>Object</th><th>Type</th><th class="number">Records</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

export function troublesSection(troubles: readonly Trouble[]): Html {
  const rows = troubles.map(
    ({ id, kind, on, times, ms }) =>
      html`<tr><td>${kind}</td><td class="code">${on}</td><td>${times ?? 'until ended'}</td><td class="number">${ms}</td><td>
<form method="post" action="/_sandbox/troubles/${id}/end"><button>End</button></form></td></tr>`,
  );
  return html`<section><h2>Troubles</h2>
${troubles.length === 0 ? html`<p class="empty">Nothing goes wrong.</p>` : html`<table><thead><tr><th>What</th><th>On</th><th>Times</th><th class="number">ms</th><th></th></tr></thead><tbody>${rows}</tbody></table>`}
<form class="row" method="post" action="/_sandbox/troubles">
<label>What<select name="kind">${options(TROUBLES)}</select></label>
<label>On<input name="on" value="*" size="24"></label>
<label>Times<input name="times" type="number" min="1" size="4" placeholder="until ended"></label>
<label>Milliseconds<input name="ms" type="number" min="0" value="1000"></label>
<label>Status<input name="status" type="number" min="400" max="599" placeholder="503"></label>
<button class="main">Start</button>
</form></section>`;
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

export function requestsSections(total: number, counts: readonly (readonly [string, number])[], last: readonly Seen[]): readonly Html[] {
  const kinds = counts.slice(0, 15).map(([kind, count]) => html`<tr><td class="code">${kind}</td><td class="number">${count}</td></tr>`);
  const rows = last
    .slice(0, 30)
    .map(
      ({ at, method, path, status, caller }) =>
        html`<tr><td class="code">${at.slice(11, 23)}</td><td>${status}</td><td class="code">${method} ${path}</td><td>${caller}</td></tr>`,
    );
  return [
    html`<section><h2>${total} requests</h2>${total === 0 ? html`<p class="empty">Nobody has asked for anything.</p>` : html`<table><tbody>${kinds}</tbody></table>`}</section>`,
    html`<section class="wide"><h2>Last requests</h2><table><thead><tr><th>Time</th><th>Status</th><th>Request</th><th>Caller</th></tr></thead><tbody>${rows}</tbody></table></section>`,
  ];
}
