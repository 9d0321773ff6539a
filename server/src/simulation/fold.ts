/**
 * Long lists of a story made short: assumptions that differ in an index, and changes of single ptes and pages. Works on
 * texts; knows no run.
 */
import type { Assumption } from '../protocol/trace.ts';

/** Assumptions that differ in an index are told one by one up to here. */
const toldSingly = 2;

/** The assumptions with those folded that differ only in an index: `ring[1].busy … ring[15].busy`. */
function foldAssumptions(assumptions: readonly Assumption[]): readonly Assumption[] {
  const groups = new Map<string, Assumption[]>();
  for (const each of assumptions) {
    const key = each.name.includes('[') ? `${each.name.replace(/\[\d+\]/g, '[]')} ${each.reason}` : each.name;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last || group.length <= toldSingly) return group;
    const value = group.every((each) => each.value === first.value) ? first.value : `${first.value} … ${last.value}`;
    return [{ ...first, name: `${first.name} … ${last.name}`, value }];
  });
}

/** Assumptions of which there are many and about which no more is to be said: told in one line each kind. */
const kinds: readonly {
  readonly title: string;
  readonly fits: (assumption: Assumption) => boolean;
  readonly text: (assumption: Assumption) => string;
}[] = [
  { title: 'not NULL', fits: ({ value }) => value === 'not NULL', text: ({ name }) => name },
  {
    title: 'constants of headers that are not at hand',
    fits: ({ reason }) => reason === 'a constant of a header that is not at hand',
    text: ({ name, value }) => `${name} = ${value}`,
  },
  {
    title: 'what functions that are defined elsewhere return',
    fits: ({ value, reason }) => value !== 'not NULL' && reason === 'the function is defined elsewhere',
    text: ({ name, value }) => `${name} = ${value}`,
  },
];

/** Assumptions that are told in one line, by kind, and all others. */
export function sortAssumptions(assumptions: readonly Assumption[]): {
  readonly lines: readonly string[];
  readonly others: readonly Assumption[];
} {
  const folded = foldAssumptions(assumptions);
  const lines = kinds.flatMap(({ title, fits, text }) => {
    const of = folded.filter(fits);
    return of.length > 0 ? [`${title}: ${of.map(text).join(', ')}`] : [];
  });
  return { lines, others: folded.filter((each) => !kinds.some(({ fits }) => fits(each))) };
}

/** Lines about ptes and pages of one step that are told one by one. */
const toldDetails = 12;

/** What is said of single ptes and pages; of these there may be many. */
const detail = /^(the ptes? |\d+ ptes |page pfn |\d+ pages )/;

/** The changes of one step, with most of those left out that are about single ptes and pages. */
export function foldChanges(changes: readonly string[]): readonly string[] {
  if (changes.filter((each) => detail.test(each)).length <= toldDetails + 1) return changes;
  const lines: string[] = [];
  let told = 0;
  let left = 0;
  const leave = () => {
    if (left > 0) lines.push(`and ${left} more of this kind`);
    left = 0;
  };
  for (const change of changes) {
    if (!detail.test(change)) {
      leave();
      lines.push(change);
    } else if (told < toldDetails) {
      told += 1;
      lines.push(change);
    } else left += 1;
  }
  leave();
  return lines;
}
