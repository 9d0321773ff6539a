/** `find-vma-unlocked`: a vma is looked up on a path that holds neither side of the mmap lock, or followed after it is dropped. */
import type { CallEvent, Path } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { evaluate, symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { lockCall, unlockBefore } from './support/locks/locks.ts';
import { usesAfterUnlock } from './support/locks/vma-after-unlock.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { anyWord, usesIn, usesOf } from './support/text/uses.ts';

/** Look-ups whose result lives only as long as the lock (mm/mmap.c, include/linux/mm.h). */
const lookUps: ReadonlySet<string> = new Set([
  'find_vma',
  'find_vma_prev',
  'find_vma_intersection',
  'find_exact_vma',
  'vma_lookup',
  'find_extend_vma',
]);

export const findVmaUnlocked: Rule = {
  name: 'find-vma-unlocked',
  severity: 'error',
  summary: 'A vma is looked up without the mmap lock, or followed after the lock is dropped.',
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => lookUps.has(name));
    const unlocked = oncePerPlace(calls, ({ entry, path, event }): Report | undefined => {
      if (event.mmapLock !== 'none' || isSaidToBeLocked(context.driver, path, event)) return undefined;
      const released = unlockBefore(path, event);
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` runs without the mmap lock, so the vma can be freed before it is used. Take ${lockCall(version, 'read')} first, and keep it until the last use.`,
        related: released ? [released] : [],
        fixes: [],
      };
    });
    return [...unlocked, ...followedLate(context)];
  },
};

/** Whether the path goes where a field is set that the driver sets where it takes the mmap lock: the field says that it is held. */
function isSaidToBeLocked(driver: Driver, path: Path, event: CallEvent): boolean {
  return path.conditions.slice(0, event.after).some(({ term }) => {
    const [asked, ...others] = symbolsOf(term).values();
    const field = asked && others.length === 0 ? /(?:->|\.)(\w*lock\w*)$/.exec(asked.name)?.[1] : undefined;
    if (!asked || field === undefined || evaluate(term, new Map([[asked.id, 0n]]))?.wrapped !== 0n) return false;
    const setters = driver.sourcesOf(undefined, field);
    return setters.some(({ function: setter }) => usesOf(driver, setter)?.called.some((each) => /^mmap_\w*lock/.test(each)));
  });
}

const anyLookUp = anyWord(lookUps);

function followedLate({ driver }: RuleContext): readonly Report[] {
  return usesIn(driver, anyLookUp, /unlock|up_(?:read|write)\b/i).flatMap(({ file, function: { name, body } }) =>
    usesAfterUnlock(driver, body.statements, lookUps).map(
      (late): Report => ({
        file,
        span: late.use.span,
        function: name,
        message: `\`${late.name}\` was found under the mmap lock, which is dropped before this: another thread can unmap it in between, and its memory is freed. Keep the lock until the last use, or copy what is needed before the lock is dropped.`,
        related: [{ file, span: late.unlock.span, message: 'The mmap lock is released here.' }],
        fixes: [],
      }),
    ),
  );
}
