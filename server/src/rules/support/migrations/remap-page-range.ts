/**
 * `remap_page_range()` and `io_remap_page_range()` turned into the calls that take a frame number: the address is shifted, and where the call
 * is that of 2.4, which had no vma, it gets the one of the function.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import type { ReportFix } from '../../rule.ts';
import { fixOf, noFix } from '../fixes/fixes.ts';
import type { FunctionUses } from '../text/uses.ts';

const successors: Readonly<Record<string, string>> = {
  remap_page_range: 'remap_pfn_range',
  io_remap_page_range: 'io_remap_pfn_range',
};

/** Whether a call is one of those whose address is in bytes. */
export const takesBytes = (name: string): boolean => successors[name] !== undefined;

/** Calls the successor with a frame number; nothing where the arguments are not those of a known kernel. */
export function remapByPfn(driver: Driver, uses: FunctionUses, call: Expression): readonly ReportFix[] {
  if (call.kind !== 'call' || call.callee.kind !== 'name') return noFix;
  const successor = successors[call.callee.name];
  const isOld = call.arguments.length === 4;
  const vma = isOld ? vmaOf(uses) : '';
  const physical = call.arguments[isOld ? 1 : 2];
  if (successor === undefined || vma === undefined || !physical || (!isOld && call.arguments.length !== 5)) return noFix;
  const { file } = uses;
  const [first] = call.arguments;
  const insertion = isOld && first ? [{ file, span: { start: first.span.start, end: first.span.start }, newText: `${vma}, ` }] : [];
  return fixOf({ title: `Use ${successor}() with a frame number (check that the address is that of a page)`, safe: false }, [
    { file, span: call.callee.span, newText: successor },
    ...insertion,
    { file, span: physical.span, newText: frameOf(driver, file, physical) },
  ]);
}

/** The frame number of a physical address, as text. */
function frameOf(driver: Driver, file: string, address: Expression): string {
  const text = (each: Expression): string => driver.text.slice({ file, span: each.span });
  const isShift = address.kind === 'binary' && address.operator === '<<' && text(address.right) === 'PAGE_SHIFT';
  if (isShift) return text(address.left);
  const isPlain = address.kind === 'name' || address.kind === 'call' || address.kind === 'member';
  return isPlain ? `${text(address)} >> PAGE_SHIFT` : `(${text(address)}) >> PAGE_SHIFT`;
}

/** The parameter that is the vma. */
function vmaOf({ function: { parameters } }: FunctionUses): string | undefined {
  return parameters.find(({ type }) => type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === 'vm_area_struct')?.name;
}
