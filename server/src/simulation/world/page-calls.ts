/**
 * Calls that lead from one form of memory to another (virtual address, struct page, pfn, physical address) and that count
 * references to pages, on mm's physical memory.
 */

import { bool } from '../../execution/ctype.ts';
import { constant } from '../../execution/term.ts';
import type { Place, Value } from '../../execution/value.ts';
import { ClearPageReserved, SetPageReserved, set_memory_type } from '../../mm/calls/page-calls.ts';
import type { CacheType } from '../../mm/pgprot.ts';
import { PAGE_OFFSET, split_page } from '../../mm/physical/allocate.ts';
import { get_page, put_page, referenceCount } from '../../mm/physical/counts.ts';
import { zeroPfn } from '../../mm/physical/memory.ts';
import { lock_page, markDirty, type PageFlag, pageFlags, trylock_page, unlock_page } from '../../mm/physical/page-flags.ts';
import { formatSize, PAGE_SIZE } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { bytes, pointerAt } from './kernel-memory.ts';
import { PAGE_STRUCT_BYTES, structType, VMEMMAP_START } from './objects.ts';
import { integer, intValue, nothing, nullPointer, numberOf, ulongValue } from './values.ts';

/** The pfn of the memory that argument `index` points to. */
function pfnOfAddress(context: CallContext, index: number): bigint | undefined {
  const place = context.place(index);
  return place && pfnOfPlace(context, place);
}

/** Beyond the end of an object in the kernel's own mapping of RAM, the arithmetic goes on to the pages behind it. */
function pfnOfPlace({ environment: { memory } }: CallContext, place: Place): bigint | undefined {
  const pfn = memory.pfnOf(place);
  if (pfn !== undefined) return pfn;
  const address = memory.addressOf(place);
  return address >= PAGE_OFFSET && address < PAGE_OFFSET + (1n << 46n) ? (address - PAGE_OFFSET) >> 12n : undefined;
}

const virtToPhys: KernelCall = (context) => {
  const place = context.place(0);
  const number = place ? undefined : context.ulong(0);
  // What was taken for an address of the kernel and is none is taken for the physical address itself.
  if (number !== undefined && number !== 0n) return context.result(number);
  const pfn = place && pfnOfPlace(context, place);
  if (!place || pfn === undefined) return undefined;
  return context.result((pfn << 12n) | (context.environment.memory.addressOf(place) & 0xfffn));
};

const virtToPfn: KernelCall = (context) => {
  const pfn = pfnOfAddress(context, 0);
  return pfn === undefined ? undefined : context.result(pfn);
};

const virtToPage: KernelCall = (context) => {
  const pfn = pfnOfAddress(context, 0);
  return pfn === undefined ? undefined : context.environment.objects.page(pfn);
};

/** Behind the guard page of a vmalloc area (mm/vmalloc.c) another one may lie, whose page the call gives: not the driver's to hand out. */
function reportBehind(context: CallContext): void {
  const place = context.place(0);
  const offset = place && context.environment.memory.offsetOf(place);
  const area = place && context.environment.memory.backing(place.object);
  if (
    offset === undefined ||
    (area?.kind !== 'vmalloc' && area?.kind !== 'vmalloc-user') ||
    BigInt(offset) < BigInt(area.pages + 1) * PAGE_SIZE
  )
    return;
  context.system.report({
    kind: 'foreign-memory',
    message: `${context.call.name}() is asked for the page ${formatSize(BigInt(offset))} into \`${area.label}\`, which has ${formatSize(area.bytes)}. Whatever else of the kernel lies there is handed out; check the offset against the size first.`,
    where: { function: context.call.name, file: 'mm/vmalloc.c' },
  });
}

/** `vmalloc_to_page`: NULL for an address that nothing is mapped at. */
const vmallocToPage: KernelCall = (context) => {
  const found = virtToPage(context);
  if (found || !context.ulong(0)) return found;
  reportBehind(context);
  return nullPointer(structType('page'));
};

/** `vmalloc_to_pfn`: what `page_to_pfn` makes of NULL, for an address that nothing is mapped at. */
const vmallocToPfn: KernelCall = (context) => {
  const found = virtToPfn(context);
  if (found || !context.ulong(0)) return found;
  reportBehind(context);
  return context.result(BigInt.asUintN(64, -VMEMMAP_START) / PAGE_STRUCT_BYTES);
};

const pageToPfn: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : context.result(pfn);
};

const pageToPhys: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : context.result(pfn << 12n);
};

const pfnToPage: KernelCall = (context) => {
  const pfn = context.ulong(0);
  return pfn === undefined ? undefined : context.environment.objects.page(pfn);
};

const physToPage: KernelCall = (context) => {
  const address = context.ulong(0);
  return address === undefined ? undefined : context.environment.objects.page(address >> 12n);
};

/** The kernel's address of physical memory: whatever lies there, the linear mapping has one for it. */
function linearPointer(context: CallContext, address: bigint): Value {
  const place = context.environment.memory.placeOfPage(address >> 12n);
  return place ? pointerAt(place, bytes) : { kind: 'address', term: constant(BigInt.asUintN(64, PAGE_OFFSET + address)), pointee: bytes };
}

const physToVirt: KernelCall = (context) => {
  const address = context.ulong(0);
  return address === undefined ? undefined : linearPointer(context, address);
};

const pageAddress: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : linearPointer(context, pfn << 12n);
};

/** `page` itself: the model has no other head pages than the first of a compound block. */
const compoundHead: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : context.environment.objects.page(BigInt(context.system.memory.head(Number(pfn))));
};

const nthPage: KernelCall = (context) => {
  const pfn = context.page(0);
  const count = context.number(1);
  return pfn === undefined || count === undefined ? undefined : context.environment.objects.page(pfn + count);
};

const getPage: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  get_page(context.system, pfn);
  return nothing;
};

const putPage: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  put_page(context.system, pfn, context.call.name);
  return nothing;
};

const pageCount: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : intValue(referenceCount(context.system, Number(pfn)));
};

/** `page_ref_count`: the count that stands in this very struct page, 0 in the later ones of a block. */
const ownRefcount: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  const { memory } = context.system;
  return intValue(memory.head(Number(pfn)) === Number(pfn) ? referenceCount(context.system, Number(pfn)) : 0);
};

const pageMapcount: KernelCall = (context) => {
  const pfn = context.page(0);
  return pfn === undefined ? undefined : intValue(context.system.memory.page(Number(pfn))?.mapcount ?? 0);
};

/** `folio_mapcount`: how many entries lead to any page of the block. */
const folioMapcount: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  const { memory } = context.system;
  const head = memory.head(Number(pfn));
  const { allocation } = memory.page(head) ?? {};
  const runs = memory.pages.slice(head, head + (allocation?.compound ? allocation.pages : 1));
  return intValue(runs.reduce((sum, { start, end, value }) => sum + (end - start) * value.mapcount, 0));
};

/** `page_mapped`: whether an entry leads to the page, or to another one of its block. */
const isMapped: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  const { memory } = context.system;
  const head = memory.head(Number(pfn));
  const end = head + (memory.page(head)?.allocation?.compound ? (memory.page(head)?.allocation?.pages ?? 1) : 1);
  return intValue(memory.pages.slice(head, end).some(({ value }) => value.mapcount > 0) ? 1 : 0);
};

/** Sets or clears the reserved bit of a page. */
function reserve(reserved: boolean): KernelCall {
  return (context) => {
    const pfn = context.page(0);
    if (pfn === undefined) return undefined;
    (reserved ? SetPageReserved : ClearPageReserved)(context.system, pfn);
    return nothing;
  };
}

/** A call of one page by its number. */
function ofPage(run: (context: CallContext, pfn: number) => unknown): KernelCall {
  return (context) => {
    const pfn = context.page(0);
    if (pfn === undefined) return undefined;
    const result = run(context, Number(pfn));
    return typeof result === 'boolean' ? intValue(result ? 1 : 0) : nothing;
  };
}

const hasFlag = (...flags: readonly PageFlag[]): KernelCall =>
  ofPage(({ system }, pfn) => pageFlags(system, pfn).some((flag) => flags.includes(flag)));

/** `set_page_dirty`: whether the page was clean before. */
const dirty = ofPage(({ system }, pfn) => {
  const wasClean = !pageFlags(system, pfn).includes('dirty');
  markDirty(system, pfn, pfn + 1);
  return wasClean;
});

/** `set_memory_*(address, pages)`: the cache type of the kernel's own mapping. */
function memoryType(type: CacheType): KernelCall {
  return (context) => {
    const pfn = pfnOfAddress(context, 0);
    const pages = context.ulong(1);
    if (pfn === undefined || pages === undefined) return context.argument(0) ? intValue(0) : undefined;
    set_memory_type(context.system, pfn, Number(pages), type);
    return intValue(0);
  };
}

/** Something done to a page that a mapping does not notice. */
const unseen: KernelCall = (context) => (context.page(0) === undefined ? undefined : nothing);

const same: KernelCall = (context) => context.argument(0);

const pfnValid: KernelCall = (context) => {
  const pfn = context.ulong(0);
  return pfn === undefined ? undefined : intValue(context.system.memory.pfnValid(pfn) ? 1 : 0);
};

const isVmalloc: KernelCall = (context) => {
  const place = context.place(0);
  const kind = place && context.environment.memory.backing(place.object).kind;
  if (kind === undefined) return numberOf(context.argument(0)) === undefined ? undefined : integer(bool, 0n);
  return integer(bool, kind === 'vmalloc' || kind === 'vmalloc-user' || kind === 'static' ? 1n : 0n);
};

const zapArguments: KernelCall = () => nothing;

export const pageCalls: KernelCallTable = {
  virt_to_phys: virtToPhys,
  __pa: virtToPhys,
  __pa_symbol: virtToPhys,
  slow_virt_to_phys: virtToPhys,
  virt_to_bus: virtToPhys,
  virt_to_pfn: virtToPfn,
  vmalloc_to_pfn: vmallocToPfn,
  virt_to_page: virtToPage,
  virt_to_head_page: virtToPage,
  virt_to_folio: virtToPage,
  vmalloc_to_page: vmallocToPage,
  kmap_to_page: virtToPage,
  page_to_pfn: pageToPfn,
  folio_pfn: pageToPfn,
  page_to_phys: pageToPhys,
  pfn_to_page: pfnToPage,
  phys_to_page: physToPage,
  phys_to_virt: physToVirt,
  __va: physToVirt,
  bus_to_virt: physToVirt,
  page_address: pageAddress,
  page_to_virt: pageAddress,
  folio_address: pageAddress,
  kmap: pageAddress,
  kmap_local_page: pageAddress,
  kmap_atomic: pageAddress,
  compound_head: compoundHead,
  page_folio: compoundHead,
  folio_page: nthPage,
  nth_page: nthPage,
  get_page: getPage,
  folio_get: getPage,
  put_page: putPage,
  folio_put: putPage,
  put_user_page: putPage,
  page_count: pageCount,
  page_ref_count: ownRefcount,
  folio_ref_count: pageCount,
  page_mapcount: pageMapcount,
  folio_mapcount: folioMapcount,
  page_mapped: isMapped,
  folio_mapped: isMapped,
  SetPageReserved: reserve(true),
  ClearPageReserved: reserve(false),
  mark_page_reserved: reserve(true),
  lock_page: ofPage(({ system, call }, pfn) => lock_page(system, pfn, call.name)),
  folio_lock: ofPage(({ system, call }, pfn) => lock_page(system, pfn, call.name)),
  trylock_page: ofPage(({ system }, pfn) => trylock_page(system, pfn)),
  folio_trylock: ofPage(({ system }, pfn) => trylock_page(system, pfn)),
  unlock_page: ofPage(({ system }, pfn) => unlock_page(system, pfn)),
  folio_unlock: ofPage(({ system }, pfn) => unlock_page(system, pfn)),
  set_page_dirty: dirty,
  set_page_dirty_lock: dirty,
  folio_mark_dirty: dirty,
  SetPageDirty: dirty,
  PageReserved: hasFlag('reserved'),
  PageLocked: hasFlag('locked'),
  PageDirty: hasFlag('dirty'),
  PageSlab: hasFlag('slab'),
  PageHead: hasFlag('head'),
  PageTail: hasFlag('tail'),
  PageCompound: hasFlag('head', 'tail'),
  PageHighMem: () => intValue(0),
  SetPageUptodate: unseen,
  mark_page_accessed: unseen,
  set_memory_uc: memoryType('uncached-minus'),
  set_memory_wc: memoryType('write-combining'),
  set_memory_wb: memoryType('write-back'),
  set_pages_uc: (context) => (context.argument(0) ? intValue(0) : undefined),
  set_pages_wb: (context) => (context.argument(0) ? intValue(0) : undefined),
  kunmap: zapArguments,
  kunmap_local: zapArguments,
  kunmap_atomic: zapArguments,
  srcu_dereference: same,
  srcu_dereference_check: same,
  rcu_dereference_raw: same,
  rcu_dereference_rtnl: same,
  READ_ONCE_NOCHECK: same,
  ZERO_PAGE: (context) => context.environment.objects.page(BigInt(zeroPfn)),
  my_zero_pfn: () => ulongValue(BigInt(zeroPfn)),
  is_zero_pfn: (context) => intValue(context.ulong(0) === BigInt(zeroPfn) ? 1 : 0),
  pfn_valid: pfnValid,
  pfn_is_map_memory: pfnValid,
  page_is_ram: pfnValid,
  is_vmalloc_addr: isVmalloc,
  /** `pfn_t` is the pfn itself in this model: its flag bits change nothing that is seen. */
  __pfn_to_pfn_t: same,
  pfn_to_pfn_t: same,
  phys_to_pfn_t: (context) => shifted(context),
  page_to_pfn_t: pageToPfn,
  pfn_t_to_pfn: same,
  /** sparc: the pfn carries the number of its bus. */
  MK_IOSPACE_PFN: (context) => context.argument(1),
  split_page: (context) => {
    const pfn = context.page(0);
    const owner = pfn === undefined ? undefined : context.system.memory.owner(Number(pfn));
    if (owner) split_page(context.system, owner);
    return pfn === undefined ? undefined : nothing;
  },
};

function shifted(context: CallContext) {
  const address = context.ulong(0);
  return address === undefined ? undefined : ulongValue(address >> 12n);
}
