/** `pgprot-vm-flag`: bits of vm_flags are used as bits of a page protection. */

import type { Driver } from '../driver/model.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesIn } from './support/text/uses.ts';

export const pgprotVmFlag: Rule = {
  name: 'pgprot-vm-flag',
  severity: 'error',
  summary: 'A page protection is made with VM_ flags, which mean other bits there.',
  check({ driver }) {
    return usesIn(driver, /\bpgprot_val\b|\b__pgprot\b|\.pgprot\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        const bits = bitsOfProtection(expression);
        const flag = bits && flagIn(bits);
        if (!flag) return [];
        const name = flag.kind === 'name' ? flag.name : 'vm_flags';
        return [
          reportIn(
            uses,
            flag.span,
            `\`${name}\` is a flag of the vma, and a page protection has the bits of the page table, which are others on every processor: this changes some other property of the pages. Change vma->vm_flags, and make the protection with vm_get_page_prot(vma->vm_flags).`,
            { fixes: makingProtection(driver, uses, expression) },
          ),
        ];
      }),
    );
  },
};

/** Has the kernel translate flags that nothing else is mixed with. */
function makingProtection(driver: Driver, { file }: FunctionUses, expression: Expression): readonly ReportFix[] {
  const text = ({ span }: Expression): string => textAt(driver, { file, span });
  if (isCallOf(expression, '__pgprot')) {
    const [flags] = expression.arguments;
    if (!flags || !/->vm_flags\b/.test(text(flags)) || /pgprot/.test(text(flags))) return noFix;
    return replacing({ file, span: expression.callee.span }, 'vm_get_page_prot', { title: 'Use vm_get_page_prot()' });
  }
  if (expression.kind !== 'assignment' || !/^[&|]=$/.test(expression.operator) || !isCallOf(expression.target, 'pgprot_val')) return noFix;
  const [target] = expression.target.arguments;
  const vma = target && /^([\w.>-]+)->vm_page_prot$/.exec(text(target))?.[1];
  if (vma === undefined || !/^~?\(?[VM_A-Z|\s]+\)?$/.test(text(expression.value))) return noFix;
  const [operator] = expression.operator;
  const newText = `${vma}->vm_page_prot = vm_get_page_prot(${vma}->vm_flags ${operator} ${text(expression.value)})`;
  const title = 'Use vm_get_page_prot() (check that the cache type is set behind it)';
  return replacing({ file, span: expression.span }, newText, { title, safe: false });
}

/** What an expression gives a protection as bits: the argument of `__pgprot()`, or what is assigned to `pgprot_val()` or `.pgprot`. */
function bitsOfProtection(expression: Expression): Expression | undefined {
  if (expression.kind === 'assignment') return isBitsOfProtection(expression.target) ? expression.value : undefined;
  return isCallOf(expression, '__pgprot') ? expression.arguments[0] : undefined;
}

function isBitsOfProtection(target: Expression): boolean {
  return isCallOf(target, 'pgprot_val') || (target.kind === 'member' && target.field === 'pgprot');
}

function isCallOf(expression: Expression, name: string): expression is Extract<Expression, { kind: 'call' }> {
  return expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === name;
}

/** A flag of the vma that becomes part of the bits; one that a table or a function translates does not. */
function flagIn(bits: Expression): Expression | undefined {
  switch (bits.kind) {
    case 'name':
      return /^VM_(?!FAULT_)[A-Z_]+$/.test(bits.name) ? bits : undefined;
    case 'member':
      return bits.field === 'vm_flags' ? bits : undefined;
    case 'binary':
      return ['|', '&', '^'].includes(bits.operator) ? (flagIn(bits.left) ?? flagIn(bits.right)) : undefined;
    case 'unary':
    case 'cast':
      return flagIn(bits.operand);
    default:
      return undefined;
  }
}
