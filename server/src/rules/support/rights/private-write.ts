/**
 * Handlers that refuse a private mapping while it is writable, and let through one that becomes so afterwards: VM_MAYWRITE is left to
 * a private mapping for reading.
 */
import type { EntryAnalysis } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import type { Driver } from '../../../driver/model.ts';
import { flagValue } from '../../../kernel/lookup.ts';
import { VM_MAYWRITE, VM_READ, VM_SHARED, VM_WRITE } from '../../../kernel/vma-bits.ts';
import type { Report } from '../../rule.ts';
import { refusingCow } from '../fixes/head-fixes.ts';
import { endOf, find } from '../questions.ts';
import { maySucceed } from '../results/outcomes.ts';
import { witnessOf } from '../witness.ts';
import { canBe, has, isRefused, lacks, mayHaveAsked, refuses } from './access-left.ts';

/** A report on the check of the handler, when it has one that is got around so. */
export function privateWriteLeft(driver: Driver, entry: EntryAnalysis): readonly Report[] {
  const { handler } = entry.entry;
  const { version } = driver.target;
  const flags = entry.symbols.flags?.term;
  if (handler?.kind !== 'mmap' || !flags || !isRefused(entry, flags, isPrivateWrite)) return [];
  if (!entry.paths.some(({ conditions }) => conditions.some((condition) => refuses(condition, flags, VM_WRITE)))) return [];
  const succeeding = entry.paths.filter((path) => maySucceed(entry, path));
  if (succeeding.some((path) => mayHaveAsked(path, flags))) return [];
  const isPrivate = lacks(flags, VM_SHARED);
  if (succeeding.some((path) => canBe(entry, path, isPrivate, has(flags, VM_WRITE)))) return [];
  const left = succeeding.find((path) => {
    const end = endOf(entry, path)?.event;
    const last = path.events.at(-1);
    // Of a vma that the driver itself gives raw pfns the rules about copies of pfns speak.
    if (!end?.vma?.known || !last || query.flagAt(entry, path, last, flagValue('VM_PFNMAP', version) ?? 0n) === 'set') return false;
    return canBe(entry, path, isPrivate, lacks(flags, VM_WRITE), has(end.vma.flags, VM_MAYWRITE));
  });
  if (!left) return [];
  const end = endOf(entry, left);
  const model = end && find(end, [isPrivate, lacks(flags, VM_WRITE), has(end.event.vma?.flags ?? flags, VM_MAYWRITE | VM_READ)]);
  const witness = end && model && witnessOf(end, model, { then: ['mprotect a prot rw expect ok'] });
  for (const path of entry.paths) {
    if (succeeding.includes(path) || canBe(entry, path, lacks(flags, VM_WRITE)) || canBe(entry, path, has(flags, VM_SHARED))) continue;
    const check = path.conditions.find((condition) => refuses(condition, flags, VM_WRITE));
    if (!check) continue;
    return [
      {
        file: check.file,
        span: check.span,
        function: check.function,
        handler,
        message:
          'Private mappings are refused here while they are writable, and a program gets one all the same: it maps for reading and calls mprotect(2), which asks VM_MAYWRITE alone; its writes then go to copies of the pages. Clear VM_MAYWRITE of private mappings, or refuse all of them (is_cow_mapping(vma->vm_flags)).',
        related: [],
        fixes: refusingCow(driver, handler.function),
        ...(witness === undefined ? {} : { witness }),
      },
    ];
  }
  return [];
}

function isPrivateWrite(bits: bigint): boolean {
  return (bits & VM_WRITE) !== 0n && (bits & VM_SHARED) === 0n;
}
