/** `vm-flags-set-old`: a helper for the flags of a vma is called on a kernel that does not have it yet. */
import { callFact, isAvailable } from '../kernel/lookup.ts';
import { formatVersion } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { flagHelpers } from './support/kinds.ts';
import { reportIn } from './support/reports.ts';
import { anyWord, isOwnName, usesIn } from './support/text/uses.ts';

const helperName = anyWord(flagHelpers);

/** What the helper does to the flags, as an assignment. */
const assignments: Readonly<Record<string, (vma: string, flags: string) => string>> = {
  vm_flags_set: (vma, flags) => `${vma}->vm_flags |= ${flags}`,
  vm_flags_clear: (vma, flags) => `${vma}->vm_flags &= ~(${flags})`,
};

export const vmFlagsSetOld: Rule = {
  name: 'vm-flags-set-old',
  severity: 'error',
  summary: 'A helper for the flags of a vma is called that this kernel does not have yet.',
  versions: { until: { major: 6, minor: 3, patch: 0 } },
  tellsCompiling: true,
  check({ driver }) {
    return usesIn(driver, helperName).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name' || !flagHelpers.has(expression.callee.name)) return [];
        const { name, span } = expression.callee;
        const fact = callFact(name);
        if (!fact || isAvailable(fact, driver.target.version) !== 'not-yet' || isOwnName(driver, name)) return [];
        const [vma, flags] = expression.arguments;
        const assignment = assignments[name];
        const fixes =
          assignment && vma?.kind === 'name' && flags
            ? [
                {
                  title: 'Assign to vm_flags',
                  safe: true,
                  edits: [
                    {
                      file: uses.file,
                      span: expression.span,
                      newText: assignment(vma.name, driver.text.slice({ file: uses.file, span: flags.span })),
                    },
                  ],
                },
              ]
            : [];
        const since = fact.introduced ? formatVersion(fact.introduced) : 'a later version';
        return [
          reportIn(
            uses,
            span,
            `\`${name}()\` exists from Linux ${since} on, so this does not compile here. Assign to vma->vm_flags, or define the helper for old kernels.`,
            { fixes },
          ),
        ];
      }),
    );
  },
};
