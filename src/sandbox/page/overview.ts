import { html } from 'hono/html';
import type { Html } from './layout.ts';
import type { Seen } from './request-log.ts';
import type { Troubles } from './troubles.ts';

export function options(names: readonly string[]): readonly Html[] {
  return names.map((name) => html`<option>${name}</option>`);
}

/** What goes wrong, and a form to let more go wrong. */
export function troublesSection<K extends string>(troubles: Troubles<K>): Html {
  const all = troubles.all();
  const rows = all.map(
    ({ id, kind, on, times, ms }) =>
      html`<tr><td>${kind}</td><td class="code">${on}</td><td>${times ?? 'until ended'}</td><td class="number">${ms}</td><td>
<form method="post" action="/_sandbox/troubles/${id}/end"><button>End</button></form></td></tr>`,
  );
  return html`<section><h2>Troubles</h2>
${all.length === 0 ? html`<p class="empty">Nothing goes wrong.</p>` : html`<table><thead><tr><th>What</th><th>On</th><th>Times</th><th class="number">ms</th><th></th></tr></thead><tbody>${rows}</tbody></table>`}
<form class="row" method="post" action="/_sandbox/troubles">
<label>What<select name="kind">${options(troubles.kinds)}</select></label>
<label>On<input name="on" value="*" size="24"></label>
<label>Times<input name="times" type="number" min="1" size="4" placeholder="until ended"></label>
<label>Milliseconds<input name="ms" type="number" min="0" value="1000"></label>
<label>Status<input name="status" type="number" min="400" max="599" placeholder="503"></label>
<button class="main">Start</button>
</form></section>`;
}

/** How often each kind of request came, and the last ones. */
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
