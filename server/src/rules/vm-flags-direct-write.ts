/** `vm-flags-direct-write`: an assignment to `vma->vm_flags`, const since 6.3. */
import type { Driver } from '../driver/model.ts';
import type { AssignmentOperator, Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { structOf, usesIn } from './support/text/uses.ts';

export const vmFlagsDirectWrite: Rule = {
  name: 'vm-flags-direct-write',
  severity: 'error',
  summary: '`vma->vm_flags` is written directly, which the kernel no longer allows.',
  tellsCompiling: true,
  versions: { since: { major: 6, minor: 3, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bvm_flags\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'assignment' || expression.target.kind !== 'member' || expression.target.field !== 'vm_flags') return [];
        const { target } = expression;
        const owner = structOf(uses, driver, target.object);
        if (owner !== 'vm_area_struct' && !(owner === undefined && looksLikeVma(target.object))) return [];
        const helper = helperFor(expression.operator, expression.value);
        return [
          {
            file: uses.file,
            span: target.fieldSpan,
            function: uses.function.name,
            confidence: owner === undefined ? 'possible' : 'likely',
            message: `\`vm_flags\` is const since Linux 6.3, so this assignment does not compile. Use ${helper.name}(), which also takes the lock of the vma.`,
            related: [],
            fixes: fixFor(driver, helper, target, expression, uses.file),
          },
        ];
      }),
    );
  },
};

interface Helper {
  readonly name: string;
  /** What the helper is given besides the vma. */
  readonly argument: Expression;
  /** `vm_flags_init()` on a live vma is what the code said, and rarely what it should say. */
  readonly safe: boolean;
}

/** `|= X` sets, `&= ~X` clears; everything else replaces the whole word. */
function helperFor(operator: AssignmentOperator, value: Expression): Helper {
  if (operator === '|=') return { name: 'vm_flags_set', argument: value, safe: true };
  if (operator === '&=' && value.kind === 'unary' && value.operator === '~') {
    return { name: 'vm_flags_clear', argument: value.operand, safe: true };
  }
  return { name: 'vm_flags_init', argument: value, safe: false };
}

function fixFor(
  driver: Driver,
  helper: Helper,
  target: Expression & { kind: 'member' },
  assignment: Expression & { kind: 'assignment' },
  file: string,
): readonly ReportFix[] {
  if (helper.name === 'vm_flags_init' && assignment.operator !== '=') return [];
  const written = (expression: Expression) => driver.text.slice({ file, span: expression.span });
  const vma = target.arrow ? written(target.object) : `&${written(target.object)}`;
  const newText = `${helper.name}(${vma}, ${withoutParentheses(written(helper.argument))})`;
  const check = helper.safe ? '' : ' (check that nobody knows the vma yet)';
  return [{ title: `Use ${helper.name}()${check}`, safe: helper.safe, edits: [{ file, span: assignment.span, newText }] }];
}

/** `(VM_IO | VM_PFNMAP)` as an argument needs no parentheses of its own. */
function withoutParentheses(text: string): string {
  const inner = /^\(([^()]*)\)$/.exec(text);
  return inner?.[1]?.trim() ?? text;
}

function looksLikeVma(object: Expression): boolean {
  const name = object.kind === 'name' ? object.name : object.kind === 'member' ? object.field : '';
  return /vma$/.test(name);
}
