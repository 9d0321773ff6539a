/** `gup-pfnmap`: user pages are pinned in a mapping of the driver that has none to pin. */
import type { CallEvent } from '../analysis/path.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { flagAt } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

const pinning = /^(?:get|pin)_user_pages\w*$/;

export const gupPfnmap: Rule = {
  name: 'gup-pfnmap',
  severity: 'warning',
  summary: 'get_user_pages() is called on a mapping of page frame numbers, where it always fails.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => pinning.test(name)),
      (call): Report | undefined => {
        const { entry, event } = call;
        const start = entry.symbols.start;
        if (!start || !event.vma?.known || !isWithin(event, [...symbolsOf(start.term).keys()])) return undefined;
        const flag = (['VM_PFNMAP', 'VM_IO'] as const).find((name) => flagAt(call, name, version) === 'set');
        if (!flag) return undefined;
        const message = `\`${event.name}()\` refuses vmas with ${flag} with -EFAULT, and this one has it: there is no page to pin. Use what the driver has mapped, by its own pointer.`;
        return reportOn(call, event.nameSpan, message);
      },
    );
  },
};

/** Whether an address that follows from the start of the vma is given. */
function isWithin({ arguments: args }: CallEvent, start: readonly string[]): boolean {
  return args.some((value) => value.kind === 'integer' && start.some((id) => symbolsOf(value.term).has(id)));
}
