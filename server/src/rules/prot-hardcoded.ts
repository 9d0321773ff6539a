/** `prot-hardcoded`: a mapping is made with a protection that does not come from the vma. */

import type { Driver } from '../driver/model.ts';
import { callFact, prototypeAt } from '../kernel/lookup.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

export const protHardcoded: Rule = {
  name: 'prot-hardcoded',
  severity: 'warning',
  summary: 'A mapping call is given a fixed protection instead of that of the vma.',
  check({ driver }) {
    return usesIn(driver, /\bPAGE_(?:SHARED|KERNEL|READONLY|COPY)|\b__pgprot\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name' || !mappingCall(expression.callee.name)) return [];
        const { name } = expression.callee;
        const fact = callFact(name);
        const prototype = fact && (prototypeAt(fact, driver.target.version) ?? fact.prototypes.at(-1));
        const index = prototype?.parameters.findIndex(({ role }) => role === 'prot') ?? -1;
        const prot = expression.arguments[index];
        const fixed = prot && fixedProtection(prot);
        if (!prot || fixed === undefined) return [];
        return [
          reportIn(
            uses,
            prot.span,
            `With ${fixed} the entries are the same whatever the program asked for: a read-only mapping becomes writable, and a private one shared. Pass vma->vm_page_prot, or what a pgprot function makes of it.`,
            { fixes: fromVma(driver, uses.file, expression, prot) },
          ),
        ];
      }),
    );
  },
};

/** The protection of the vma that the call is given, in the place of the constant. */
function fromVma(driver: Driver, file: string, call: Expression & { kind: 'call' }, prot: Expression): readonly ReportFix[] {
  const vma = call.arguments[0] && textAt(driver, { file, span: call.arguments[0].span });
  let constant = prot;
  while (constant.kind === 'call' && constant.arguments[0] && constant.callee.kind === 'name' && constant.callee.name !== '__pgprot')
    constant = constant.arguments[0];
  if (vma === undefined || !/^[\w>.-]+$/.test(vma)) return noFix;
  // Bits that were written out may have said how to cache.
  const safe = constant.kind === 'name';
  const title = `Pass ${vma}->vm_page_prot${safe ? '' : ' (check the cache type)'}`;
  return replacing({ file, span: constant.span }, `${vma}->vm_page_prot`, { title, safe });
}

/** How a constant protection is written. */
function fixedProtection(prot: Expression): string | undefined {
  if (prot.kind === 'name' && /^PAGE_(?:SHARED|KERNEL|READONLY|COPY)/.test(prot.name)) return prot.name;
  if (prot.kind !== 'call' || prot.callee.kind !== 'name') return undefined;
  const { name } = prot.callee;
  const [argument] = prot.arguments;
  if (name === '__pgprot') return argument && namesVma(argument) ? undefined : '__pgprot()';
  return /^pgprot_/.test(name) && argument ? fixedProtection(argument) : undefined;
}

/** Bits that are taken from the vma are not fixed. */
function namesVma(value: Expression): boolean {
  if (value.kind === 'binary') return namesVma(value.left) || namesVma(value.right);
  if (value.kind === 'call') return value.arguments.some(namesVma);
  return value.kind === 'member' || (value.kind === 'name' && !/^_?PAGE_|^[A-Z_]+$/.test(value.name));
}
