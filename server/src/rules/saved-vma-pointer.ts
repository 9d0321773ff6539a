/** `saved-vma-pointer`: the driver keeps a pointer to a vma and uses it later, when the vma may be another or none. */
import type { EntryAnalysis } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { atLeast } from '../kernel/version.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Place, Report, Rule } from './rule.ts';
import { maySpanPages } from './support/bounds/page-spans.ts';
import { isForgotten, isForgottenByClose, isTakenOut, type KeptVma, keptVma, laterUses } from './support/lifetime/saved-vmas.ts';
import { reportIn } from './support/reports.ts';
import { calleesOf } from './support/text/call-chains.ts';
import { type FunctionUses, usesIn, usesOf } from './support/text/uses.ts';

export const savedVmaPointer: Rule = {
  name: 'saved-vma-pointer',
  severity: 'error',
  summary: 'A pointer to a vma is kept in a field and used later, though the vma may be split, moved or freed meanwhile.',
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const uses of usesIn(driver, /\bvma\b|\bvm_area_struct\b/)) {
      for (const each of uses.expressions) {
        const kept = keptVma(driver, uses, each);
        if (!kept || reports.has(kept.key)) continue;
        const place = { file: uses.file, span: each.span };
        const setter = uses.function.name;
        const ofClosed = () => underReadLock(driver, kept, place) ?? ofOnePart(driver, entries, kept, place, uses);
        const forgotten = () => (isForgottenByClose(driver, kept, setter) ? ofClosed() : undefined);
        const report = isForgotten(driver, kept, setter) ? forgotten() : neverForgotten(driver, kept, place, uses);
        if (report) reports.set(kept.key, report);
      }
    }
    return [...reports.values()];
  },
};

/** Nobody sets the pointer to NULL, nor keeps book of the vmas. */
function neverForgotten(driver: Driver, kept: KeptVma, place: Place, uses: FunctionUses): Report | undefined {
  const [later] = isTakenOut(driver, kept.struct) || isHandedOut(uses, kept) ? [] : laterUses(driver, kept);
  if (!later) return undefined;
  const message = `\`${kept.text}\` keeps a pointer to the vma, and \`${later.uses.function.name}()\` follows it later: munmap frees the vma, and a split or mremap leaves the pointer with another range. Keep the mm and the address, and look the vma up with vma_lookup() under the mmap lock; or take mappings down with unmap_mapping_range().`;
  return reportIn(uses, place.span, message, { related: [{ ...later.place, message: 'It is used here.' }] });
}

/** Whether the function makes the object that keeps the vma, for callers in other files: they decide how long it lives. */
function isHandedOut({ function: own }: FunctionUses, { text }: KeptVma): boolean {
  if (own.isStatic) return false;
  let isReturned = false;
  walkBlock(own.body, {
    statement: (each) => {
      isReturned ||= each.kind === 'return' && each.value?.kind === 'name' && text.startsWith(`${each.value.name}->`);
    },
  });
  return isReturned && !own.parameters.some(({ name }) => name !== undefined && text.startsWith(`${name}->`));
}

/** munmap closes and frees the vma with the lock for read, from the kernel on that downgrades it: who reads beside it is too late. */
function underReadLock(driver: Driver, kept: KeptVma, place: Place): Report | undefined {
  if (!atLeast(driver.target.version, 4, 20) || isTakenOut(driver, kept.struct)) return undefined;
  const later = laterUses(driver, kept).find(({ held }) => held !== 'nothing' && held.mode === 'read');
  if (!later) return undefined;
  const message = `\`${kept.text}\` is set to NULL when the vma is closed, and is followed here with the mmap lock held for read: munmap takes the vma out under the write lock, and closes and frees it with the lock for read. Take the lock for write, or look the vma up with vma_lookup().`;
  return reportIn(later.uses, later.place.span, message, { related: [{ ...place, message: 'The pointer is kept here.' }] });
}

/** One pointer for a mapping that can be split. */
function ofOnePart(driver: Driver, entries: readonly EntryAnalysis[], kept: KeptVma, place: Place, uses: FunctionUses): Report | undefined {
  if (refusesSplit(driver) || isKeptByOpen(driver, kept)) return undefined;
  const later = laterUses(driver, kept).find(({ field }) => field === 'vm_start' || field === 'vm_end');
  if (!later || !maySpanPages(entries)) return undefined;
  const message = `\`${kept.text}\` stands for the whole mapping, and \`${later.uses.function.name}()\` takes its range from there: a partial munmap or mprotect splits the vma, the pointer is left with one part, and the close of either part sets it to NULL. Keep the address and the length of the mapping, or refuse the split with .may_split.`;
  return reportIn(uses, place.span, message, { related: [{ ...later.place, message: 'Its range is used here.' }] });
}

function refusesSplit(driver: Driver): boolean {
  return driver.tables.some(
    ({ container, entries }) =>
      container === 'vm_operations_struct' && entries.some(({ slot }) => slot === 'may_split' || slot === 'split'),
  );
}

/** Whether .open keeps the vma that it is told of too: then each part has a pointer. */
function isKeptByOpen(driver: Driver, kept: KeptVma): boolean {
  const opening = new Set(driver.handlers.filter(({ kind }) => kind === 'open').map((handler) => handler.function));
  for (const name of opening) for (const callee of calleesOf(driver, name)) opening.add(callee);
  return [...opening].some((name) => {
    const uses = usesOf(driver, name);
    return uses?.expressions.some((each) => keptVma(driver, uses, each)?.key === kept.key);
  });
}
