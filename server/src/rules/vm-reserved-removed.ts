/** `vm-reserved-removed`: a vma flag by a name that the target kernel does not define. */
import { flagFact } from '../kernel/lookup.ts';
import { compareVersions, formatVersion } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { isOwnName, usesIn } from './support/text/uses.ts';

/** What to write instead, where one name does not simply become another. */
const advice: Readonly<Record<string, string>> = {
  VM_RESERVED: 'Use VM_DONTEXPAND | VM_DONTDUMP, or nothing where remap_pfn_range() sets them.',
  VM_INSERTPAGE: 'Leave it out: vm_insert_page() sets VM_MIXEDMAP itself.',
  VM_NODUMP: 'Use VM_DONTDUMP.',
  VM_CAN_NONLINEAR: 'Leave it out: nonlinear mappings are gone.',
  VM_PFN_AT_MMAP: 'Leave it out: remap_pfn_range() needs no such mark.',
};

export const vmReservedRemoved: Rule = {
  name: 'vm-reserved-removed',
  severity: 'error',
  summary: 'A flag of the vma is used that this kernel does not have.',
  tellsCompiling: true,
  isAboutOldNames: true,
  check({ driver }) {
    const { version } = driver.target;
    return usesIn(driver, /\bVM_/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'name' || !expression.name.startsWith('VM_')) return [];
        const flag = flagFact(expression.name);
        const gone = flag?.removed;
        if (!flag || !gone || compareVersions(version, gone) < 0 || isOwnName(driver, expression.name)) return [];
        const instead = advice[expression.name] ?? (flag.replacedBy ? `Use ${flag.replacedBy}.` : 'Leave it out.');
        const replacement =
          expression.name === 'VM_RESERVED' ? 'VM_DONTEXPAND | VM_DONTDUMP' : expression.name === 'VM_NODUMP' ? 'VM_DONTDUMP' : undefined;
        return [
          {
            file: uses.file,
            span: expression.span,
            function: uses.function.name,
            message: `\`${expression.name}\` is gone since Linux ${formatVersion(gone)}, so this does not compile. ${instead}`,
            related: [],
            fixes:
              replacement === undefined
                ? []
                : [{ title: `Use ${replacement}`, safe: true, edits: [{ file: uses.file, span: expression.span, newText: replacement }] }],
          },
        ];
      }),
    );
  },
};
