/** `vmf-insert-errno-compare`: VM_FAULT_ bits are compared as if they were an error number. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Span, Statement } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesIn, valuesOf } from './support/text/uses.ts';

const inserting =
  /^(?:vmf_insert_(?:pfn|pfn_prot|mixed|mixed_mkwrite|page|page_mkwrite|pfn_pmd|pfn_pud|pfn_pmd_prot|pfn_pud_prot)|vmf_error|handle_mm_fault)$/;

export const vmfInsertErrnoCompare: Rule = {
  name: 'vmf-insert-errno-compare',
  severity: 'warning',
  summary: 'The VM_FAULT_ bits of a call are compared with 0 as if they could be negative.',
  versions: { since: { major: 4, minor: 17, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bvmf_insert_|\bvm_fault_t\b/).flatMap((uses) => [
      ...takenForFailure(driver, uses),
      ...uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'binary' || expression.operator !== '<') return [];
        if (expression.right.kind !== 'number' || expression.right.value !== 0n || !isFaultResult(uses, expression.left)) return [];
        return [
          reportIn(
            uses,
            expression.span,
            'VM_FAULT_ bits are never negative, so the comparison is never true and errors go unnoticed. Test `& VM_FAULT_ERROR`.',
            { fixes: testingBits(driver, uses.file, expression.span, /\s*<\s*0$/) },
          ),
        ];
      }),
    ]);
  },
};

/** `ret = vmf_insert_pfn(…); if (ret) goto error;`: the calls never return 0, and what they return for success is VM_FAULT_NOPAGE. */
function takenForFailure(driver: Driver, uses: FunctionUses): readonly Report[] {
  const reports: Report[] = [];
  let inserted: string | undefined;
  const visit = (statement: Statement): void => {
    const before = inserted;
    inserted = undefined;
    if (statement.kind === 'expression' && statement.expression.kind === 'assignment' && isInsertion(statement.expression.value))
      inserted = nameOf(statement.expression.target);
    if (statement.kind === 'declaration') {
      const [declarator] = statement.declarators;
      if (declarator?.initializer?.kind === 'expression' && isInsertion(declarator.initializer.expression)) inserted = declarator.name;
    }
    if (statement.kind !== 'if' || !isTruthOf(statement.test, before)) return;
    reports.push(
      reportIn(
        uses,
        statement.test.span,
        'The call never returns 0: success is VM_FAULT_NOPAGE, so each page that was inserted counts as a failure here. Test `& VM_FAULT_ERROR`, or compare with VM_FAULT_NOPAGE.',
        { fixes: testingBits(driver, uses.file, statement.test.span, /$/) },
      ),
    );
  };
  walkBlock(uses.function.body, { statement: visit });
  return reports;
}

/** Asks for the error bits in place of `compared`. */
function testingBits(driver: Driver, file: string, span: Span, compared: RegExp): readonly ReportFix[] {
  const text = textAt(driver, { file, span });
  const bits = (value: string): string => `${value.replace(compared, '')} & VM_FAULT_ERROR`;
  const negated = /^!\s*(\w+)$/.exec(text)?.[1];
  if (negated === undefined && /^(?:un)?likely\b|^!/.test(text)) return noFix;
  return replacing({ file, span }, negated === undefined ? bits(text) : `!(${bits(negated)})`, { title: 'Test & VM_FAULT_ERROR' });
}

function isInsertion(value: Expression): boolean {
  return value.kind === 'call' && value.callee.kind === 'name' && /^vmf_insert_/.test(value.callee.name);
}

function nameOf(value: Expression): string | undefined {
  return value.kind === 'name' ? value.name : undefined;
}

/** `ret`, `!ret`, `unlikely(ret)`. */
function isTruthOf(test: Expression, name: string | undefined): boolean {
  if (test.kind === 'unary' && test.operator === '!') return isTruthOf(test.operand, name);
  if (test.kind === 'call' && test.callee.kind === 'name' && /^(?:un)?likely$/.test(test.callee.name))
    return test.arguments.some((each) => isTruthOf(each, name));
  return name !== undefined && test.kind === 'name' && test.name === name;
}

function isFaultResult(uses: FunctionUses, value: Expression): boolean {
  if (value.kind === 'assignment') return isFaultResult(uses, value.value);
  if (value.kind === 'call') return value.callee.kind === 'name' && inserting.test(value.callee.name);
  if (value.kind !== 'name') return false;
  const type = uses.typeOf(value.name);
  return (type?.kind === 'named' && type.name === 'vm_fault_t') || holdsInsertion(uses, value.name);
}

/** Whether a variable of another type is set to what such calls return, and to nothing else. */
function holdsInsertion(uses: FunctionUses, name: string): boolean {
  const values = valuesOf(uses, name);
  return values.some(isInsertion) && values.every((value) => isInsertion(value) || value.kind === 'number');
}
