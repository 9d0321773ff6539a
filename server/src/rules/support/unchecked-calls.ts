/** The calls that the rules about bounds judge: where an mmap handler of the driver maps, and nobody else checks the vma. */
import type { CallFact } from '../../kernel/fact.ts';
import type { RuleContext } from '../rule.ts';
import { mayBeCheckedBefore } from './checked.ts';
import { mappingCall } from './mapping-calls.ts';
import { callsOnPaths, type PathCall } from './path-calls.ts';
import { isJudged } from './questions.ts';

/** Mapping calls on the paths of mmap handlers that check no bounds themselves, that no caller of the handler has checked, and that can be judged. */
export function* callsWithoutBounds(context: RuleContext): Iterable<PathCall> {
  const { driver } = context;
  for (const call of callsOnPaths(context, (name) => isUnbounded(mappingCall(name)))) {
    const { handler } = call.entry.entry;
    if (handler?.kind === 'mmap' && !mayBeCheckedBefore(driver, handler) && isJudged(call.path, call.event)) yield call;
  }
}

function isUnbounded(fact: CallFact | undefined): boolean {
  return fact !== undefined && fact.boundsChecked !== true;
}
