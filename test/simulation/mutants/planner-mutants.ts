import type { Edit, Mutant } from './mutant.ts';

const planner = (file: string, bugs: readonly (Omit<Mutant, 'edits'> & Omit<Edit, 'file'>)[]): readonly Mutant[] =>
  bugs.map(({ name, reason, from, to }) => ({ name, reason, edits: [{ file: `src/${file}`, from, to }] }));

/** Bugs of the pure code, each of which the planner simulation finds within 2,000 histories. */
export const PLANNER_MUTANTS: readonly Mutant[] = [
  ...planner('merge/agreed-base.ts', [
    {
      name: 'base is the value sent',
      reason: 'what a vendor made of a value looks like an edit of somebody',
      from: 'const raw = observed !== null && line.remote in observed ? observed[line.remote] : push[line.remote];',
      to: 'const raw = push[line.remote];',
    },
  ]),
  ...planner('merge/merge-field.ts', [
    {
      name: 'what was sent is forgotten',
      reason: 'a write whose answer was lost meets its own value as if somebody had typed it',
      from: 'return isEcho(echo, sent, remote) || hasPassedOn(sent, remote, base) ? { hub: sent, remote: echo(sent) ?? sent } : undefined;',
      to: 'return undefined;',
    },
    {
      name: 'no echo',
      reason: 'a value that the remote shortened is taken for an edit',
      from: "  if (isEcho(echo, hub, remote)) return { kind: 'agree', base: { hub, remote } };\n  if (!hubMoved)",
      to: '  if (!hubMoved)',
    },
    {
      name: 'the hub always gives way',
      reason: "a clash is taken for a change of the remote alone, and the hub's edit is lost without a word",
      from: "  if (!hubMoved) return { kind: 'pull', value: remote };",
      to: "  if (!hubMoved || remoteMoved) return { kind: 'pull', value: remote };",
    },
    {
      name: 'what is not shown is blank',
      reason: 'a field that vanished blanks the hub',
      from: "  if (remote === undefined) return { kind: 'still' };\n  const arrived",
      to: "  if (remote === undefined) return trees.base === undefined ? { kind: 'still' } : { kind: 'pull', value: null };\n  const arrived",
    },
  ]),
  ...planner('merge/settle.ts', [
    {
      name: 'the loser of a clash is not named',
      reason: 'a value that gave way cannot be restored, for nobody knows it was there',
      from: "  if (!takeHub) return { kind: 'pull', value: remote, lost: hub, reason };",
      to: "  if (!takeHub) return { kind: 'pull', value: remote, reason };",
    },
    {
      name: 'directions are not asked for pushes',
      reason: 'fields that only come in are written',
      from: "  if (policy.direction === 'off' || policy.direction === 'in') return { kind: 'nothing' };",
      to: "  if (policy.direction === 'off') return { kind: 'nothing' };",
    },
    {
      name: 'the rule to ask decides by itself',
      reason: 'nobody is asked, and the edit of one side is lost without a word',
      from: "  if (policy.rule.kind === 'hold') return { kind: 'hold', hub, remote, reason: 'both sides changed it, and the rule is to ask' };",
      to: "  if (policy.rule.kind === 'hold') return { kind: 'push', value: hub, reason: 'both sides changed it' };",
    },
  ]),
  ...planner('merge/merge-record.ts', [
    {
      name: 'links are not planned against what others brought',
      reason: 'systems never receive what changed elsewhere in the same plan',
      from: '  const links = drafts.map((link) => planLink(link, draft, standings.get(link.tree.linkId) ??',
      to: '  const links = drafts.map((link) => planLink(link, { ...draft, fields: { ...tree.fields } }, standings.get(link.tree.linkId) ??',
    },
  ]),
  ...planner('merge/guard.ts', [
    {
      name: 'unwritable fields are written',
      reason: 'the guard before a write lets everything pass that is read-only there',
      from: '  if (!field.writable) return {',
      to: '  if (!field.writable && field.required) return {',
    },
    {
      name: 'options are not looked up',
      reason: 'a value that the vendor has no option for is sent',
      from: '  if (field.choices !== null) {',
      to: '  if (field.choices !== null && field.choices.length === 0) {',
    },
  ]),
  ...planner('merge/stored-base.ts', [
    {
      name: 'what was learnt is not kept',
      reason: 'the same edit is merged again with every plan',
      from: '  for (const [field, base] of learnt)',
      to: '  for (const [field, base] of [...learnt].slice(1))',
    },
  ]),
  ...planner('merge/presence.ts', [
    {
      name: 'opt-out is not asked',
      reason: 'a record is written that people over there keep out of the sync',
      from: '  if (link.optedOut) return optedOutOf(link);\n  const',
      to: '  const',
    },
    {
      name: 'a delete is no event',
      reason: 'a delete is no event, and a link stands for what is not there',
      from: "const GONE: Standing = { kind: 'gone', reason: 'it was deleted over there' };",
      to: "const GONE: Standing = { kind: 'part' };",
    },
    {
      name: 'a delete beats edits that nobody there had seen',
      reason: 'an edit is lost with a record that somebody deleted without knowing of it',
      from: '  if (now.hasUnsent(link)) {',
      to: '  if (now.hasUnsent(link) && link.sent !== null) {',
    },
    {
      name: 'what people deleted is made again',
      reason: 'the hub resurrects what somebody has removed',
      from: "const back = link.goneBy === 'hub' &&",
      to: 'const back =',
    },
  ]),
  ...planner('merge/recognise.ts', [
    {
      name: 'nobody is recognised',
      reason: 'somebody who is known already becomes a second person',
      from: '    if (candidates.length === 0) continue;',
      to: '    if (candidates.length >= 0) continue;',
    },
    {
      name: 'a place that is taken is given away',
      reason: 'a record of the hub stands for two in one system, of which one is forgotten',
      from: "  if (taken !== undefined && taken.remoteId !== null && taken.state !== 'gone') {",
      to: "  if (taken !== undefined && taken.remoteId !== null && taken.state === 'gone') {",
    },
  ]),
  ...planner('merge/arrange-links.ts', [
    {
      name: 'a merge keeps the link of the loser',
      reason: 'two records that became one leave a link behind that nobody plans',
      from: '    } else if (own === undefined || weightOf(tie) > weightOf(own)) {',
      to: '    } else if (own !== undefined && weightOf(tie) > weightOf(own)) {',
    },
  ]),
  ...planner('merge/blend.ts', [
    {
      name: 'options that were taken away come back',
      reason: 'a list that both sides changed has everything that either ever had',
      from: '.filter((option) => !takenAway.has(option))',
      to: '.filter(() => takenAway.size >= 0)',
    },
  ]),
];
