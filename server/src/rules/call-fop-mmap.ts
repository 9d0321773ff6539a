/** `call-fop-mmap`: the mmap handler of another file is called by its pointer. */
import { callFact, isAvailable } from '../kernel/lookup.ts';
import type { Report, Rule } from './rule.ts';
import { replacing } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

export const callFopMmap: Rule = {
  name: 'call-fop-mmap',
  severity: 'warning',
  summary: 'The mmap handler of a file is called by its pointer, past the wrapper of the kernel.',
  versions: { since: { major: 6, minor: 16, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bf_op\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'member' || expression.callee.field !== 'mmap') return [];
        const { object, fieldSpan, span } = expression.callee;
        if (object.kind !== 'member' || object.field !== 'f_op') return [];
        const wrapper = callFact('vfs_mmap');
        const name = wrapper && isAvailable(wrapper, driver.target.version) === 'yes' ? 'vfs_mmap' : 'call_mmap';
        return [
          reportIn(
            uses,
            fieldSpan,
            `A file may have .mmap_prepare alone, and then this pointer is NULL. Call ${name}(), which runs whichever there is.`,
            { fixes: replacing({ file: uses.file, span }, name, { title: `Use ${name}()` }) },
          ),
        ];
      }),
    );
  },
};
