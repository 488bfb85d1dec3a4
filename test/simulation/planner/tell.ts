import { dream, judge, kindOf, shrink } from './history.ts';
import type { Lived } from './live-many.ts';
import type { History } from './operations.ts';
import { WONDERS, type Wonder } from './sometimes.ts';

/** From how many histories on a state that none of them reached is a failure. */
export const ENOUGH = 5000;

/** The interesting states that no history reached. */
export const missing = ({ wonders }: Lived): readonly Wonder[] => WONDERS.filter((wonder) => !wonders.has(wonder));

/** What histories came to, for people: what broke, shrunk, with the command that lives it again. */
export function tell(lived: Lived): string {
  const perSecond = Math.round((lived.histories / Math.max(1, lived.cpuMs)) * 1000);
  const lines = [`${lived.histories} histories, ${lived.red.length} red, ${perSecond} a second of one core`];
  const [first] = lived.red;
  if (first !== undefined) lines.push('', ...tellRed(first.seed));
  for (const { seed, wrongs } of lived.red.slice(1)) lines.push(`also red: seed ${seed}: ${wrongs[0]}`);
  const absent = lived.histories >= ENOUGH ? missing(lived) : [];
  if (absent.length > 0) lines.push(`never reached: ${absent.join('; ')}`);
  return lines.join('\n');
}

function tellRed(seed: number): readonly string[] {
  const history = dream(seed);
  const [wrong = 'nothing'] = judge(history).wrongs;
  const short = shrink(history, wrong);
  return [
    `seed ${seed} breaks a promise: ${wrong}`,
    `shrunk from ${history.operations.length} to ${short.operations.length} operations:`,
    ...tellHistory(short),
    ...judge(short).wrongs.filter((one) => kindOf(one) === kindOf(wrong)),
    `once more: npm run simulate -- --seed ${seed} --histories 1   (--keep <name> makes it a test)`,
    '',
  ];
}

/** A history, line by line: its systems, then what happened. */
function tellHistory({ world, operations }: History): readonly string[] {
  const systems = world.systems.map(({ name, connector, answers, removed, gates, lines, fields }, at) => {
    const told = Object.entries(lines).map(([field, { direction, rule, nulls }]) => {
      const { loss, known, writable } = fields[field] ?? { loss: 'none', known: true, writable: true };
      return `${field} ${direction} ${JSON.stringify(rule)} ${nulls}${loss === 'none' ? '' : ` ${loss}${known ? '' : ' unknown'}`}${writable ? '' : ' read-only'}`;
    });
    return `  system ${at}: ${name} (${connector}), answers with the ${answers}, removed ${JSON.stringify(removed)}, gates ${JSON.stringify(gates)}\n    ${told.join('; ')}`;
  });
  return [...systems, ...operations.map((operation) => `  ${JSON.stringify(operation)}`)];
}
