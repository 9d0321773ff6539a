/** How a path ends, as the caller of the handler sees it. */
import type { EntryAnalysis, Path, PathEvent } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import { constant, constantOf, type Term } from '../../../execution/term.ts';
import { compare } from '../../../execution/term-build.ts';
import { callFact } from '../../../kernel/lookup.ts';

/** What the path returns, when it returns a number. */
export function returnedTerm({ outcome }: Path): Term | undefined {
  return outcome.kind === 'returned' && outcome.value.kind === 'integer' ? outcome.value.term : undefined;
}

/** Whether the handler can return 0 at the end of the path. */
export function maySucceed(entry: EntryAnalysis, path: Path): boolean {
  if (path.outcome.kind !== 'returned') return false;
  const { value } = path.outcome;
  if (value.kind !== 'integer') return true;
  const number = constantOf(value.term);
  if (number !== undefined) return number === 0n;
  const isZero = query.computed(compare('eq', value.type, value.term, constant(0)));
  return query.findModel(entry, path, path.conditions.length, [isZero]) !== 'none';
}

/** Whether the handler returns an error at the end of the path, for some values that lead there. */
export function mayFail(entry: EntryAnalysis, path: Path): boolean {
  if (path.outcome.kind !== 'returned') return false;
  const { value } = path.outcome;
  if (value.kind !== 'integer') return false;
  const failed = query.computed(compare('lt', value.type, value.term, constant(0)));
  return typeof query.findModel(entry, path, path.conditions.length, [failed]) !== 'string';
}

/** Whether a call behind `event` is given the vma and may set it up anew: another handler, or something that nobody knows. */
export function isHandedOnAfter(path: Path, event: PathEvent): boolean {
  const vma = event.kind === 'write' ? event.place.object : undefined;
  return path.events
    .slice(path.events.indexOf(event) + 1)
    .some(
      (each) =>
        each.kind === 'call' &&
        maySetUp(each.name) &&
        each.arguments.some((value) => value.kind === 'pointer' && value.place.object === vma),
    );
}

/** Calls that run the mmap handler of another object on the vma. */
const forwarding: ReadonlySet<string> = new Set(['dma_buf_mmap', 'call_mmap', 'vfs_mmap', '__call_mmap']);

function maySetUp(name: string): boolean {
  const fact = callFact(name);
  return fact === undefined || forwarding.has(name) || (fact.kind === 'call' && fact.isHandler);
}
