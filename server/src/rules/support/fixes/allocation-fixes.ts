/** Quick fixes at an allocation that stands elsewhere in the driver: the one assignment that gives a field its memory. */
import type { Driver } from '../../../driver/model.ts';
import type { Value } from '../../../execution/value.ts';
import type { Expression } from '../../../syntax/ast.ts';
import type { ReportFix } from '../../rule.ts';
import { lastName, type MappedMemory } from '../memory/mapped-memory.ts';
import { type FixName, noFix, replacing, textAt } from './fixes.ts';

/** Calls that take the size alone, so that one can stand for another. */
const ofSize: ReadonlySet<string> = new Set(['vmalloc', 'vzalloc', 'vmalloc_32']);

/** Allocates what `address` points to with `variant`, where the call takes the size and nothing else. */
export function allocatedBy(driver: Driver, address: Value, call: string, variant: string): readonly ReportFix[] {
  const written = address.kind === 'pointer' && ofSize.has(call) ? allocationOfField(driver, address.place.object.name, call) : undefined;
  return written ? replacing({ file: written.file, span: written.callee.span }, variant, { title: `Allocate with ${variant}()` }) : noFix;
}

/** Allocates the memory with the call that `advice` names, or asks for zeros where it names the flag. */
export function clearedBy(driver: Driver, memory: MappedMemory, advice: string): readonly ReportFix[] {
  if (!advice.endsWith('()')) return flaggedBy(driver, memory, advice, { title: `Ask for ${advice}` });
  const written = allocationOfField(driver, memory.name, memory.call);
  if (!written) return noFix;
  const { file, callee } = written;
  return replacing({ file, span: callee.span }, advice.slice(0, -2), { title: `Allocate with ${advice}` });
}

/** Adds a flag to those of the allocation. */
export function flaggedBy(driver: Driver, { call, name, allocator }: MappedMemory, flag: string, fix: FixName): readonly ReportFix[] {
  const written = allocationOfField(driver, name, call);
  const flags = written && allocator.gfp !== undefined ? written.arguments[allocator.gfp] : undefined;
  if (!written || !flags) return noFix;
  const place = { file: written.file, span: flags.span };
  return replacing(place, `${textAt(driver, place)} | ${flag}`, fix);
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
