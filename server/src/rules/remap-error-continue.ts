/** `remap-error-continue`: a mapping call has failed, the driver knows it, and returns 0. */
import type { Report, Rule } from './rule.ts';
import { oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { lostErrors } from './support/results/lost-errors.ts';

export const remapErrorContinue: Rule = {
  name: 'remap-error-continue',
  severity: 'error',
  summary: 'A mapping call has failed, and the handler reports success.',
  check(context) {
    return oncePerPlace(lostErrors(context, true), (call): Report => {
      const { name, nameSpan } = call.event;
      return reportOn(
        call,
        nameSpan,
        `When \`${name}()\` fails, a path through the handler still returns 0: the vma stays with holes, or half mapped, and the program believes that it has its memory. Return the error.`,
      );
    });
  },
};
