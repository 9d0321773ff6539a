/** `insert-pfn-flags`: a raw pfn is inserted into a vma that was declared to hold none, or none of its kind. */
import type { CallEvent, EntryAnalysis } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { atLeast, type KernelVersion } from '../kernel/version.ts';
import type { Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { insertingBefore, noFix, setFlags, vmaAt } from './support/fixes/fixes.ts';
import { targetOf } from './support/mapping-calls.ts';
import { isInstall, mmapOf } from './support/mapping-of-table.ts';
import { translatedInto } from './support/memory/mapped-memory.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { flagAt, reachingModel } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { witnessOf } from './support/witness.ts';

/** Calls that assert VM_PFNMAP or VM_MIXEDMAP (mm/memory.c). */
const inserting: ReadonlySet<string> = new Set(['vmf_insert_pfn', 'vmf_insert_pfn_prot', 'vm_insert_pfn', 'vm_insert_pfn_prot']);

export const insertPfnFlags: Rule = {
  name: 'insert-pfn-flags',
  severity: 'error',
  summary: 'A raw pfn is inserted into a vma whose flags do not say that it holds any, or that are for other memory.',
  versions: { since: { major: 2, minor: 6, patch: 25 } },
  provedBy: ['kernel-bug'],
  check(context) {
    const { driver, entries } = context;
    const { version } = driver.target;
    const calls = [...callsOnPaths(context, (name) => inserting.has(name))];
    const declared = new Set(calls.filter((call) => isDeclared(call, version)).map(({ event }) => placeOf(event)));
    const inserted = oncePerPlace(calls, (call): Report | undefined => {
      const pfnmap = flagAt(call, 'VM_PFNMAP', version);
      const mixedmap = flagAt(call, 'VM_MIXEDMAP', version);
      const { name, nameSpan } = call.event;
      if (pfnmap === 'clear' && mixedmap === 'set') return memoryIntoMixed(call, version);
      if (pfnmap !== mixedmap || (pfnmap !== 'clear' && pfnmap !== 'set')) return undefined;
      if (pfnmap === 'clear' && declared.has(placeOf(call.event))) return undefined;
      const witness = witnessOf(call, reachingModel(call) ?? new Map());
      if (pfnmap === 'clear')
        return reportOn(
          call,
          nameSpan,
          `\`${name}()\` asserts that the vma was declared to hold raw pfns, and the mmap handler sets neither VM_PFNMAP nor VM_MIXEDMAP: the first fault stops the kernel with a BUG. Set VM_PFNMAP there, and refuse private mappings.`,
          { fixes: declaring(driver, entries, call), ...(witness === undefined ? {} : { witness }) },
        );
      return reportOn(
        call,
        nameSpan,
        `The vma has VM_PFNMAP and VM_MIXEDMAP, and \`${name}()\` asserts that it has one of them alone: the kernel stops with a BUG. Set VM_PFNMAP for memory without struct pages, VM_MIXEDMAP for both kinds.`,
        witness === undefined ? {} : { witness },
      );
    });
    return [...inserted, ...oncePerPlace(callsOnPaths(context, isRemap), (call) => declaredLate(context, call))];
  },
};

/** In a vma for both kinds of entries, what has a struct page is to be inserted as one. */
function memoryIntoMixed(call: PathCall, version: KernelVersion): Report | undefined {
  const { path, event } = call;
  const target = targetOf(event, version);
  if (!target || !translatedInto(path, target.pfn)) return undefined;
  const witness = witnessOf(call, reachingModel(call) ?? new Map());
  return reportOn(
    call,
    event.nameSpan,
    `The vma has VM_MIXEDMAP, and \`${event.name}()\` asserts that what it inserts there has no struct page, as this memory has: the kernel stops with a BUG. Set VM_PFNMAP in the mmap handler instead and refuse private mappings, or hand the page over with vmf->page.`,
    witness === undefined ? {} : { witness },
  );
}

/**
 * Whether the vma is declared on the way to the call. Where one field of the driver chooses the flags and another what is mapped,
 * the two choices are taken to agree.
 */
function isDeclared(call: PathCall, version: KernelVersion): boolean {
  return flagAt(call, 'VM_PFNMAP', version) === 'set' || flagAt(call, 'VM_MIXEDMAP', version) === 'set';
}

function placeOf({ file, nameSpan }: CallEvent): string {
  return `${file}:${nameSpan.start}`;
}

function isRemap(name: string): boolean {
  return name === 'remap_pfn_range' || name === 'io_remap_pfn_range';
}

/**
 * A fault handler that remaps declares the vma with its first call, and the mmap handler has not: a report on where the table is set.
 * Since 6.3 the call asserts the lock whatever the flags are, which is another rule's.
 */
function declaredLate({ driver, entries }: RuleContext, call: PathCall): Report | undefined {
  const { version } = driver.target;
  const { handler } = call.entry.entry;
  if (handler?.kind !== 'fault' || atLeast(version, 6, 3) || flagAt(call, 'VM_PFNMAP', version) !== 'clear') return undefined;
  const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
  const install = mapping?.paths.flatMap(({ events }) => events).find(isInstall);
  if (!mapping || !install) return undefined;
  const message = `\`${handler.function}()\` maps raw pfns, and the vma is declared to hold them by the first fault alone, under the mmap lock for read: until then mremap(2) makes it longer, and mm takes it for ordinary memory. Set VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP here.`;
  const related = [{ file: call.event.file, span: call.event.nameSpan, message: 'The fault handler maps a raw pfn here.' }];
  return reportOn({ entry: mapping.entry, event: install }, install.span, message, { related });
}

/** Where the mmap handler installs the table: refuse private mappings, and say that there are no struct pages. */
function declaring(driver: Driver, entries: readonly EntryAnalysis[], { entry }: PathCall): readonly ReportFix[] {
  const mapping = mmapOf(driver, entries, entry.entry.handler?.registeredAt?.table);
  const install = mapping?.paths.flatMap(({ events }) => events).find(isInstall);
  const vma = install && vmaAt(driver, install);
  if (!install || vma === undefined) return noFix;
  const lines = [
    `if ((${vma}->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)`,
    '\treturn -EINVAL;',
    setFlags(driver, vma, 'VM_PFNMAP'),
  ];
  const title = 'Set VM_PFNMAP and refuse private mappings in the mmap handler (check what it has to undo)';
  return insertingBefore(driver, install, lines, { title, safe: false });
}
