/**
 * What the mm model did, as sentences for people: one per event. Events that are steps of their own (callbacks, faults,
 * problems) have none. Knows the names that the scenario gave to mappings and processes through `Names`.
 */
import type { MmEvent, PteRunView, VmaView } from '../../mm/event.ts';
import { cacheTypeOf } from '../../mm/pgprot.ts';
import { formatSize, hex, PAGE_SIZE } from '../../mm/units.ts';

/** How the trace calls what the model numbers. */
export interface Names {
  /** A vma by what it was at that moment, or by its number. */
  vma(vma: VmaView | number): string;
  process(mm: number): string;
  file(id: number): string;
  /** The kernel names of vma flags. */
  flags(flags: bigint): string;
  /** What the memory at a pfn belongs to: ` of priv->buf`, or nothing. */
  owner(pfn: bigint): string;
}

/** Why a vma goes. */
const removals: Readonly<Record<Extract<MmEvent, { kind: 'vma-removed' }>['reason'], string>> = {
  munmap: 'by munmap',
  exit: 'by exit',
  merged: 'because a neighbour takes its place',
  'mmap-failed': 'because mmap fails',
};

/** The sentence of an event, or `undefined` for events that are told as steps. */
export function sentenceOf(event: MmEvent, names: Names): string | undefined {
  switch (event.kind) {
    case 'vma-created':
      return `vma ${names.vma(event.vma)}: ${formatRange(event.vma.start, event.vma.end)}, vm_pgoff ${hex(event.vma.pgoff)}, created by ${event.reason}`;
    case 'vma-not-copied':
      return `vma ${names.vma(event.vma)} is left out of ${names.process(event.child)}, because it has VM_DONTCOPY`;
    case 'vma-changed': {
      const changes = changesOf(event.before, event.vma, names);
      return changes === '' ? undefined : `vma ${names.vma(event.vma)}: ${changes} (${event.reason})`;
    }
    case 'vma-split':
      return `vma ${names.vma(event.vma)} is split at ${hex(event.at)}: ${names.vma(event.added)} is ${formatRange(event.added.start, event.added.end)}`;
    case 'vma-merged': {
      const handler =
        event.handler === 'not-called' ? '; the mmap handler is not called' : event.handler === 'called' ? '; the new vma is dropped' : '';
      return `vma ${names.vma(event.vma)} grows over ${formatRange(event.start, event.end)}${handler}`;
    }
    case 'vma-removed':
      return `vma ${names.vma(event.vma)} (${formatRange(event.vma.start, event.vma.end)}) is removed ${removals[event.reason]}`;
    case 'flags-changed': {
      const set = event.set ? [`set ${names.flags(event.set)}`] : [];
      const cleared = event.cleared ? [`cleared ${names.flags(event.cleared)}`] : [];
      return `vma ${names.vma(event.vma)}: vm_flags ${[...set, ...cleared].join(', ')} by ${event.by}`;
    }
    case 'ptes-set':
      return `${formatPtes(event.run)} ${isOne(event.run) ? 'maps' : 'map'} ${formatTarget(event.run, names)} in ${names.process(event.mm)}`;
    case 'pages-skipped':
      return `${formatPages(event.pfn, event.pages)} ${event.pages === 1 ? 'is' : 'are'} left out of vma ${names.vma(event.vma)}: ${event.why}`;
    case 'ptes-cleared':
      return `${formatPtes(event.run)} ${isOne(event.run) ? 'is' : 'are'} cleared in ${names.process(event.mm)} by ${event.by}`;
    case 'ptes-changed':
      return `${formatPtes(event.run)} in ${names.process(event.mm)} ${isOne(event.run) ? 'is' : 'are'} now ${formatPteBits(event.run)} (${event.by})`;
    case 'ptes-moved':
      return `the ptes of ${formatSize(event.length)} move from ${hex(event.from)} to ${hex(event.to)}`;
    case 'page-counts':
      return `${formatPages(event.pfn, event.pages)}${names.owner(event.pfn)}: ${formatCounts(event)} by ${event.by}`;
    case 'page-allocated':
      return `${formatPages(event.pfn, event.pages)} ${event.pages === 1 ? 'is' : 'are'} allocated: ${event.label}`;
    case 'page-freed':
      return `${formatPages(event.pfn, event.pages)} ${event.pages === 1 ? 'is' : 'are'} freed by ${event.by}${event.driverHeld ? '; the driver had not given it up' : ''}`;
    case 'page-copied':
      return `the page at ${hex(event.address)} is copied: pfn ${hex(event.from)}${names.owner(event.from)} to the anonymous page pfn ${hex(event.to)}`;
    case 'file-closed':
      return event.references > 0
        ? `a descriptor of ${names.file(event.file)} is closed; ${event.references} more reference${event.references === 1 ? ' keeps' : 's keep'} it open`
        : `the last descriptor of ${names.file(event.file)} is closed`;
    case 'file-released':
      return `the last reference to ${names.file(event.file)} is gone: it is released`;
    case 'process-created':
      return event.parent === undefined ? undefined : `${names.process(event.mm)} is a copy of ${names.process(event.parent)}`;
    case 'process-exited':
      return `${names.process(event.mm)} is gone`;
    case 'kernel-message':
      return `the kernel's log: ${event.text}`;
    case 'file-opened':
    case 'fault':
    case 'callback-entered':
    case 'callback-left':
    case 'problem':
      return undefined;
  }
}

/** `0x7f0000000000-0x7f0000004000 (16 KiB (0x4000))` without the doubled brackets. */
function formatRange(start: bigint, end: bigint): string {
  return `${hex(start)}-${hex(end)}, ${formatSize(end - start)}`;
}

function isOne(run: PteRunView): boolean {
  return run.end - run.start === PAGE_SIZE;
}

function formatPtes(run: PteRunView): string {
  const count = (run.end - run.start) >> 12n;
  return count === 1n ? `the pte at ${hex(run.start)}` : `${count} ptes from ${hex(run.start)}`;
}

function formatTarget(run: PteRunView, names: Names): string {
  const same = run.samePage ? ' again and again' : '';
  const pfn = isOne(run) || run.samePage ? `pfn ${hex(run.pfn)}` : `pfns from ${hex(run.pfn)}`;
  return `${pfn}${names.owner(run.pfn)}${same}: ${formatPteBits(run)}`;
}

function formatPteBits(run: PteRunView): string {
  return [
    run.special ? 'special' : 'normal',
    run.writable ? 'writable' : 'read-only',
    ...(run.dirty ? ['dirty'] : []),
    cacheTypeOf(run.prot),
  ].join(', ');
}

function formatPages(pfn: bigint, pages: number): string {
  return pages === 1 ? `page pfn ${hex(pfn)}` : `${pages} pages from pfn ${hex(pfn)}`;
}

function formatCounts(event: Extract<MmEvent, { kind: 'page-counts' }>): string {
  const part = (name: string, delta: number, now: number) => (delta === 0 ? [] : [`${name} ${delta > 0 ? '+' : ''}${delta}, now ${now}`]);
  const parts = [...part('refcount', event.refcountDelta, event.refcount), ...part('mapcount', event.mapcountDelta, event.mapcount)];
  return parts.length > 0 ? parts.join('; ') : `refcount ${event.refcount}, mapcount ${event.mapcount}`;
}

function changesOf(before: VmaView, after: VmaView, names: Names): string {
  const parts: string[] = [];
  if (before.start !== after.start || before.end !== after.end) parts.push(`is now ${formatRange(after.start, after.end)}`);
  if (before.pgoff !== after.pgoff) parts.push(`vm_pgoff ${hex(before.pgoff)} becomes ${hex(after.pgoff)}`);
  if (before.flags !== after.flags) parts.push(`vm_flags ${names.flags(after.flags)}`);
  if (before.pageProt !== after.pageProt) parts.push(`vm_page_prot ${formatProt(before.pageProt)} becomes ${formatProt(after.pageProt)}`);
  if (before.ops !== after.ops) parts.push(`vm_ops is ${after.ops ?? 'NULL'}`);
  if (before.file !== after.file) parts.push(`vm_file is ${after.file ?? 'NULL'}`);
  return parts.join(', ');
}

/** `read-write, uncached-minus`. */
export function formatProt(prot: bigint): string {
  const access = (prot & 1n) === 0n ? 'no access' : (prot & 2n) === 0n ? 'read-only' : 'writable';
  return `${access}, ${cacheTypeOf(prot)}`;
}
