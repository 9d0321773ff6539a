/**
 * Makes a program that shows a problem as short as can be: leaves out statements, then makes lengths and offsets small, as long
 * as the problem stays. Knows no driver: whoever calls says whether a program still shows it.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import type { Action } from '../scenario/model.ts';
import type { Program } from './trial.ts';

/** Whether a program still shows the problem. */
export type Shows = (program: Program) => boolean;

/** The shortest program found. `mayTry` ends the search: what was found until then is given. */
export function minimise(program: Program, shows: Shows, mayTry: () => boolean): Program {
  let best = program;
  for (let before = -1; before !== best.length && mayTry(); ) {
    before = best.length;
    best = withoutStatements(best, shows, mayTry);
  }
  return withSmallNumbers(best, shows, mayTry);
}

/** Leaves out halves, quarters, …, single statements; the last ones first. */
function withoutStatements(program: Program, shows: Shows, mayTry: () => boolean): Program {
  let best = program;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = best.length - size; start >= 0; start -= size) {
      if (!mayTry()) return best;
      const shorter = [...best.slice(0, start), ...best.slice(start + size)];
      if (shorter.length > 0 && shows(shorter)) best = shorter;
      start = Math.min(start, best.length);
    }
  }
  return best;
}

function withSmallNumbers(program: Program, shows: Shows, mayTry: () => boolean): Program {
  let best = program;
  for (let index = 0; index < best.length; index++) {
    for (const field of ['offset', 'length'] as const) {
      const from = numberOf(best[index]?.action, field);
      if (from === undefined) continue;
      for (const smaller of smallerThan(from, field)) {
        if (!mayTry()) return best;
        const next = best.map((statement, at) =>
          at === index ? { ...statement, action: { ...statement.action, [field]: smaller } } : statement,
        );
        if (!shows(next)) continue;
        best = next;
        break;
      }
    }
  }
  return best;
}

/** The length or offset of a statement that takes pages. */
function numberOf(action: Action | undefined, field: 'offset' | 'length'): bigint | undefined {
  if (action?.kind === 'mmap') {
    const value = action[field];
    return typeof value === 'bigint' ? value : undefined;
  }
  return field === 'length' && (action?.kind === 'mremap' || action?.kind === 'munmap') ? action.length : undefined;
}

/** Numbers to try instead, the smallest first. Bytes. */
function smallerThan(value: bigint, field: 'offset' | 'length'): readonly bigint[] {
  const small = field === 'offset' ? [0n, PAGE_SIZE] : [PAGE_SIZE, 2n * PAGE_SIZE];
  const halves: bigint[] = [];
  for (let half = value / 2n; half >= 4n * PAGE_SIZE; half /= 2n) halves.unshift((half / PAGE_SIZE) * PAGE_SIZE);
  return [...small, ...halves].filter((each) => each < value);
}
