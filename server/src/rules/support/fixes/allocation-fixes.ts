/** Quick fixes at an allocation that stands elsewhere in the driver: the one assignment that gives a field its memory. */
import type { Driver } from '../../../driver/model.ts';
import type { Value } from '../../../execution/value.ts';
import type { Expression } from '../../../syntax/ast.ts';
import type { ReportFix } from '../../rule.ts';
import { lastName, type MappedMemory } from '../memory/mapped-memory.ts';
import { noFix, replacing, textAt } from './fixes.ts';

/** Calls that take the size alone, so that one can stand for another. */
const ofSize: ReadonlySet<string> = new Set(['vmalloc', 'vzalloc', 'vmalloc_32']);

/** Allocates what `address` points to with `variant`, where the call takes the size and nothing else. */
export function allocatedBy(driver: Driver, address: Value, call: string, variant: string): readonly ReportFix[] {
  const written = address.kind === 'pointer' && ofSize.has(call) ? allocationOfField(driver, address.place.object.name, call) : undefined;
  return written ? replacing({ file: written.file, span: written.callee.span }, variant, { title: `Allocate with ${variant}()` }) : noFix;
}

/** Allocates the memory with the call that `advice` names, or asks for zeros where it names the flag. */
export function clearedBy(driver: Driver, { call, name, allocator }: MappedMemory, advice: string): readonly ReportFix[] {
  const written = allocationOfField(driver, name, call);
  if (!written) return noFix;
  const { file, callee } = written;
  if (advice.endsWith('()')) return replacing({ file, span: callee.span }, advice.slice(0, -2), { title: `Allocate with ${advice}` });
  const flags = allocator.gfp === undefined ? undefined : written.arguments[allocator.gfp];
  if (!flags) return noFix;
  return replacing({ file, span: flags.span }, `${textAt(driver, { file, span: flags.span })} | ${advice}`, { title: `Ask for ${advice}` });
}

/** The call, when one assignment alone fills the field and is written out there. */
function allocationOfField(driver: Driver, name: string, call: string) {
  const [source, ...others] = driver.sourcesOf(undefined, lastName(name));
  if (!source || others.length > 0 || name.endsWith(']')) return undefined;
  const written = callIn(source.value);
  return written?.callee.kind === 'name' && written.callee.name === call ? { ...written, file: source.file } : undefined;
}

function callIn(value: Expression): (Expression & { kind: 'call' }) | undefined {
  if (value.kind === 'cast') return callIn(value.operand);
  return value.kind === 'call' ? value : undefined;
}
