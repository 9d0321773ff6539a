/**
 * `nopage` turned into `fault`, for kernels from 2.6.23 on: the page goes into the vmf, the NOPAGE_ values become VM_FAULT_ bits, and what was
 * told about the kind of the fault goes away.
 */
import type { Driver } from '../../../driver/model.ts';
import { atLeast } from '../../../kernel/version.ts';
import type { Expression, Statement } from '../../../syntax/ast.ts';
import type { Edit, ReportFix } from '../../rule.ts';
import { fixOf, holds, noFix, wholeLines } from '../fixes/fixes.ts';
import type { FunctionUses } from '../text/uses.ts';
import { allOf, beginningWith, intoSlot, placedStatements, registered, usesOfName, withHeader, writingInstead } from './definition.ts';
import { faultHeader } from './fault-header.ts';

const results: Readonly<Record<string, string>> = {
  NOPAGE_SIGBUS: 'VM_FAULT_SIGBUS',
  NOPAGE_OOM: 'VM_FAULT_OOM',
  NOPAGE_REFAULT: 'VM_FAULT_NOPAGE',
  NULL: 'VM_FAULT_SIGBUS',
};

/** Makes the function of a `nopage` slot a fault handler, in all tables of the file. */
export function nopageToFault(driver: Driver, name: string): readonly ReportFix[] {
  const handler = registered(driver, name);
  const uses = handler?.uses;
  const [vma, address, type] = uses?.function.parameters ?? [];
  if (!handler || !uses || !vma || !address || usesOfName(uses, 'vmf').length > 0) return noFix;
  const { version } = driver.target;
  const { result, passesVma } = faultHeader(version);
  const parameters = passesVma ? `${driver.text.slice({ file: uses.file, span: vma.span })}, struct vm_fault *vmf` : 'struct vm_fault *vmf';
  const header = withHeader(driver, uses, { result, parameters });
  const body = [returning(driver, uses), withoutType(driver, uses, type?.name)];
  const slots = intoSlot(driver, handler, 'nopage', 'fault');
  const edits = [header, ...body, slots];
  if (edits.includes(undefined)) return noFix;
  const read = atLeast(version, 4, 10) ? 'vmf->address' : '(unsigned long)vmf->virtual_address';
  const lines = [
    ...(!passesVma && usesOfName(uses, vma.name).length > 0 ? [`struct vm_area_struct *${vma.name} = vmf->vma;`] : []),
    ...(usesOfName(uses, address.name).length > 0 ? [`unsigned long ${address.name} = ${read};`] : []),
  ];
  const title = 'Make it a fault handler (check what it returns where there is no page)';
  return fixOf({ title, safe: false }, [...edits.flatMap((each) => each ?? []), ...beginningWith(uses, lines)]);
}

/** Each page that is returned goes into the vmf; what stands for no page becomes a bit. */
function returning(driver: Driver, uses: FunctionUses): readonly Edit[] | undefined {
  const { file } = uses;
  const returns = placedStatements(uses).filter(({ statement }) => statement.kind === 'return');
  const values = new Set(returns.flatMap(({ statement }) => (statement.kind === 'return' && statement.value) || []));
  const kept = uses.expressions.filter((each) => each.kind === 'name' && results[each.name] !== undefined && !values.has(each));
  // A variable may hold that there is no page; any other value has no place in one.
  if (kept.some((each) => each.kind === 'name' && !/^(?:NOPAGE_SIGBUS|NULL)$/.test(each.name))) return undefined;
  const good = kept.length > 0 ? 'vmf->page ? 0 : VM_FAULT_SIGBUS' : '0';
  const edits = returns.map((placed): Edit | undefined => {
    const { statement } = placed;
    if (statement.kind !== 'return' || !statement.value || statement.value.kind === 'conditional') return undefined;
    const bits = noPage(statement.value);
    const page = driver.text.slice({ file, span: statement.value.span });
    const isCounted = statement.value.kind === 'name';
    const lines = bits !== undefined ? [`return ${bits};`] : [`vmf->page = ${page};`, `return ${isCounted ? good : '0'};`];
    return writingInstead(driver, file, placed, lines);
  });
  const renamed = kept.filter((each) => each.kind === 'name' && each.name !== 'NULL').map(({ span }) => ({ file, span, newText: 'NULL' }));
  return allOf([...edits, ...renamed]);
}

function noPage(value: Expression): string | undefined {
  if (value.kind === 'name') return results[value.name];
  return value.kind === 'number' && value.value === 0n ? results.NULL : undefined;
}

/** Takes `*type = VM_FAULT_MINOR;` away, with its test; `undefined` where more is done with the parameter. */
function withoutType(driver: Driver, uses: FunctionUses, name: string | undefined): readonly Edit[] | undefined {
  const { file } = uses;
  const telling = placedStatements(uses).flatMap(({ statement, isBranch }) =>
    !isBranch && tellsType(statement, name) ? [statement.span] : [],
  );
  const outermost = telling.filter((span) => !telling.some((other) => other !== span && holds(other, span)));
  if (!usesOfName(uses, name).every(({ span }) => outermost.some((outer) => holds(outer, span)))) return undefined;
  return outermost.map((span) => ({ file, span: wholeLines(driver, { file, span }), newText: '' }));
}

function tellsType(statement: Statement, name: string | undefined): boolean {
  if (statement.kind === 'if') {
    const inner = statement.then.kind === 'block' ? statement.then.statements : [statement.then];
    const [only] = inner;
    return (
      statement.test.kind === 'name' &&
      statement.test.name === name &&
      !statement.otherwise &&
      inner.length === 1 &&
      !!only &&
      tellsType(only, name)
    );
  }
  if (statement.kind !== 'expression' || statement.expression.kind !== 'assignment') return false;
  const { target } = statement.expression;
  return target.kind === 'dereference' && target.operand.kind === 'name' && target.operand.name === name;
}
