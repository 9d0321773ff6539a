/** `mmap-ignored-return`: nobody looks at the result of a mapping call. */
import type { Report, Rule } from './rule.ts';
import { lostErrors } from './support/lost-errors.ts';
import { oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const mmapIgnoredReturn: Rule = {
  name: 'mmap-ignored-return',
  severity: 'error',
  summary: 'The result of a mapping call is not looked at, and the handler reports success.',
  check(context) {
    return oncePerPlace(lostErrors(context, false), (call): Report => {
      const { name, nameSpan } = call.event;
      return reportOn(
        call,
        nameSpan,
        `\`${name}()\` can fail, and the handler returns 0 all the same: the program gets a mapping with holes and is killed when it touches one. Return the error.`,
      );
    });
  },
};
