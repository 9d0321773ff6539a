/** The calls that the rules about bounds judge: where an mmap handler of the driver maps, and nobody else checks the vma. */
import type { CallFact } from '../../../kernel/fact.ts';
import { callFact } from '../../../kernel/lookup.ts';
import type { RuleContext } from '../../rule.ts';
import { mayBeCheckedBefore } from '../checked.ts';
import { mappingCall } from '../mapping-calls.ts';
import { callsOnPaths, type PathCall } from '../path-calls.ts';
import { isJudged } from '../questions.ts';

/** Mapping calls on the paths of mmap handlers that check no bounds themselves, that no caller of the handler has checked, and that can be judged. */
export function callsWithoutBounds(context: RuleContext): Iterable<PathCall> {
  return callsThat(context, (fact) => fact.boundsChecked !== true);
}

/** Likewise the mapping calls that compare the vma with a size, and leave it to the handler to tell the right one. */
export function callsTrustingCallee(context: RuleContext): Iterable<PathCall> {
  return callsThat(context, (fact) => fact.boundsChecked === true);
}

function* callsThat(context: RuleContext, wanted: (fact: CallFact) => boolean): Iterable<PathCall> {
  const { driver } = context;
  const isWanted = (name: string): boolean => {
    const fact = mappingCall(name);
    return fact !== undefined && wanted(fact);
  };
  for (const call of callsOnPaths(context, isWanted)) {
    const { handler } = call.entry.entry;
    if (handler?.kind !== 'mmap' || mayBeCheckedBefore(driver, handler) || isCheckedByHandler(call)) continue;
    if (isJudged(call.path, call.event)) yield call;
  }
}

/** Whether a ready handler of a subsystem, such as drm_gem_mmap(), has compared the vma with its object before. */
function isCheckedByHandler({ path, event }: PathCall): boolean {
  return path.events.slice(0, path.events.indexOf(event)).some((each) => {
    const fact = each.kind === 'call' ? callFact(each.name) : undefined;
    return fact?.kind === 'call' && fact.boundsChecked === true && fact.isHandler;
  });
}
