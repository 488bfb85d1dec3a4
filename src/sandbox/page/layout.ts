import { html, raw } from 'hono/html';

/** Text that is safe to stand in a page. */
export type Html = ReturnType<typeof html>;

const STYLE = `
:root { --ink: #213343; --soft: #516f90; --line: #dfe3eb; --paper: #fff; --ground: #f5f8fa; --accent: #b3401b; --good: #00604c; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); margin: 0; }
header { background: var(--ink); color: #fff; padding: .75rem 1.5rem; display: flex; gap: 1.5rem; align-items: baseline; flex-wrap: wrap; }
header a { color: #fff; text-decoration: none; font-weight: 600; }
header span { opacity: .8; font-size: .85rem; }
nav { display: flex; gap: .25rem 1rem; flex-wrap: wrap; padding: .6rem 1.5rem; background: var(--paper); border-bottom: 1px solid var(--line); }
nav a { color: var(--soft); text-decoration: none; }
nav a[aria-current] { color: var(--ink); font-weight: 600; }
main { padding: 1.5rem; display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); max-width: 90rem; align-items: start; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; overflow-x: auto; }
section.wide { grid-column: 1 / -1; }
h1 { font-size: 1.3rem; margin: 0 0 .75rem; } h2 { font-size: 1rem; margin: 0 0 .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; font-size: .85rem; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code, td.code { font: .85rem/1.5 ui-monospace, monospace; word-break: break-all; }
form.row { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; margin: .5rem 0; }
label { display: grid; gap: .15rem; align-content: start; font-size: .85rem; color: var(--soft); }
input, select, textarea { font: inherit; color: var(--ink); padding: .3rem .5rem; border: 1px solid #99acc2; border-radius: 4px; background: #fff; min-width: 0; }
textarea { width: 100%; min-height: 4rem; }
.fields { display: grid; gap: .75rem 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
button { font: inherit; padding: .35rem .9rem; border: 1px solid var(--soft); border-radius: 4px; background: #fff; color: var(--ink); cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: #fff; }
.note { padding: .5rem .75rem; border-radius: 4px; background: #e5f5f0; color: var(--good); } .note.bad { background: #fdedee; color: #8f2c2c; }
.empty { color: var(--soft); } .actions { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; margin-top: 1rem; }
a { color: #0062a8; }
`;

export type Frame = {
  readonly title: string;
  /** Whose sandbox it is, and which account of it. */
  readonly system: string;
  readonly account: string;
  readonly now: string;
  readonly objects: readonly string[];
  /** The object whose page it is. */
  readonly current: string | null;
};

/** A whole page around its sections. */
export function layout({ title, system, account, now, objects, current }: Frame, sections: Html | readonly Html[]): Html {
  const link = (name: string) =>
    html`<a href="/_sandbox/objects/${name}"${current === name ? raw(' aria-current="page"') : ''}>${name}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${system} sandbox</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><a href="/_sandbox">${system} sandbox</a><span>${account}</span><span>${now}</span></header>
<nav>${objects.map(link)}</nav>
<main>${sections}</main>
</body>
</html>`;
}

/** A sentence about what was just done, or about why it was not. */
export function notice(said: string | undefined, refused: string | undefined): Html {
  if (refused !== undefined) return html`<section class="wide note bad" role="alert">${refused}</section>`;
  return said === undefined ? html`` : html`<section class="wide note" role="status">${said}</section>`;
}
