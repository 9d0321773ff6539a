/** `vm-flags-unlocked`: a vma is changed under the read side of the mmap lock, or a kept one under no lock at all. */
import type { Driver } from '../driver/model.ts';
import { atLeast } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Place, Report, Rule } from './rule.ts';
import { flagHelpers } from './support/kinds.ts';
import { withCallees } from './support/locks/lock-classes.ts';
import { lockCall } from './support/locks/locks.ts';
import { type MmapHeld, meetMmap, mmapAfter } from './support/locks/mmap-held.ts';
import { reportIn } from './support/reports.ts';
import { flowThrough } from './support/text/flow.ts';
import { type FunctionUses, structOf, usesIn, valuesOf } from './support/text/uses.ts';

/** Fields of a vma that change under the write lock alone, and that a driver has reason to change. */
const fields: ReadonlySet<string> = new Set(['vm_flags', 'vm_ops', 'vm_page_prot', 'vm_start', 'vm_end', 'vm_pgoff', 'vm_file']);

export const vmFlagsUnlocked: Rule = {
  name: 'vm-flags-unlocked',
  severity: 'error',
  summary: 'The flags or the operations of a vma change while the mmap lock is not held for write.',
  check({ driver }) {
    return [...underReadLock(driver), ...withoutLock(driver)];
  },
};

// ---- under the read lock ---------------------------------------------------------------------------------------------

function underReadLock(driver: Driver): readonly Report[] {
  const { version } = driver.target;
  const reports: Report[] = [];
  for (const uses of usesIn(driver, /\bmmap_read_\w*lock\b|\bdown_read\w*\s*\([^;]*mmap_/)) {
    let isDone = false;
    const step = (each: Expression, held: MmapHeld): MmapHeld => {
      const next = mmapAfter(uses.file, each);
      // `BUG_ON(mmap_read_trylock(mm))` asks whether somebody holds the lock for write, and takes nothing.
      if (next) return next !== 'nothing' && isTry(driver, next) ? held : next;
      const change = held !== 'nothing' && held.mode === 'read' && !isDone ? changeIn(each) : undefined;
      if (held === 'nothing' || !change || structOf(uses, driver, change.vma) !== 'vm_area_struct') return held;
      isDone = true;
      const now = atLeast(version, 6, 3) ? ' From 6.3 on vm_flags_set() stops here with a warning.' : '';
      const message = `\`${change.text}\` changes the vma while the mmap lock is held for read: other threads that hold it too, faults among them, read what changes under their hands. Take ${lockCall(version, 'write')}.${now}`;
      reports.push(reportIn(uses, change.span, message, { related: [{ ...held, message: 'The lock is taken for read here.' }] }));
      return held;
    };
    flowThrough<MmapHeld>(uses.function.body, 'nothing', { step, join: meetMmap });
  }
  return reports;
}

function isTry(driver: Driver, { file, span }: Place): boolean {
  return driver.text.slice({ file, span }).includes('trylock');
}

// ---- without the lock ------------------------------------------------------------------------------------------------

/** A change of a vma that the driver has kept in a field, by a function of which nobody in the file takes the lock. */
function withoutLock(driver: Driver): readonly Report[] {
  const reports: Report[] = [];
  for (const uses of usesIn(driver, /\bvma?\b.*\bvm_(?:flags|ops|page_prot)\b|\bvm_flags_\w+\s*\(/)) {
    const change = uses.expressions.map(changeIn).find((each) => each && isKept(driver, uses, each.vma));
    if (!change || takesMapping(driver, uses) || [...runners(driver, uses.function.name)].some((name) => mentionsLock(driver, name)))
      continue;
    const message = `\`${change.text}\` changes a vma that the driver has kept, and nothing here holds the mmap lock: the vma may be split, or gone. Take ${lockCall(driver.target.version, 'write')} of its mm around it, and look the vma up under it.`;
    reports.push(reportIn(uses, change.span, message));
  }
  return reports;
}

/** Whether the vma comes from a field, directly or through a variable that is set to nothing else. */
function isKept(driver: Driver, uses: FunctionUses, vma: Expression): boolean {
  if (structOf(uses, driver, vma) !== 'vm_area_struct') return false;
  if (vma.kind === 'member')
    return !(vma.object.kind === 'name' && /^vmf?$/.test(vma.object.name)) && structOf(uses, driver, vma.object) !== undefined;
  if (vma.kind !== 'name' || uses.function.parameters.some(({ name }) => name === vma.name)) return false;
  const values = valuesOf(uses, vma.name);
  return values.length > 0 && values.every((value) => value.kind === 'member' && isKept(driver, uses, value));
}

/** Whether the function is told of a mapping: whoever calls it holds what is needed, or not. */
function takesMapping(driver: Driver, uses: FunctionUses): boolean {
  const handlers = driver.handlers.map((handler) => handler.function);
  if (handlers.some((name) => withCallees(driver, name).has(uses.function.name))) return true;
  return uses.function.parameters.some(
    ({ type }) => type.kind === 'pointer' && type.to.kind === 'tagged' && /^(?:vm_|mm_|vma_|mmu_)/.test(type.to.name),
  );
}

/** The function, and all that call it. */
function runners(driver: Driver, target: string): ReadonlySet<string> {
  const names = [...driver.functions.values()].filter(({ file }) => file === driver.file).map(({ name }) => name);
  return new Set(names.filter((name) => withCallees(driver, name).has(target)));
}

function mentionsLock(driver: Driver, name: string): boolean {
  const header = driver.functions.get(name);
  const text = header && driver.text.slice(header);
  return text !== undefined && /\bmmap_(?:sem|lock|read_|write_|assert)|\bvma_(?:start_write|assert)|vm_area_alloc/.test(text);
}

// ---- both --------------------------------------------------------------------------------------------------------------

interface Change {
  readonly vma: Expression;
  readonly text: string;
  readonly span: Expression['span'];
}

/** A change of a vma, and the vma. */
function changeIn(each: Expression): Change | undefined {
  if (each.kind === 'assignment' && each.target.kind === 'member' && fields.has(each.target.field))
    return { vma: each.target.object, text: `${each.target.arrow ? '->' : '.'}${each.target.field}`, span: each.target.span };
  if (each.kind !== 'call' || each.callee.kind !== 'name' || !flagHelpers.has(each.callee.name)) return undefined;
  const [vma] = each.arguments;
  return vma && { vma, text: `${each.callee.name}()`, span: each.callee.span };
}
