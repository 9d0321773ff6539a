/**
 * The kernel's page and buffer allocators on mm's physical memory, and what gives their memory back. `kmalloc` and its
 * relatives are services; their objects get pages when somebody asks where they are.
 */
import { elementAt } from '../../execution/place.ts';
import { constant } from '../../execution/term.ts';
import { alloc_pages, alloc_pages_exact, dma_alloc_coherent, freeAllocation, vmalloc } from '../../mm/physical/allocate.ts';
import { put_page } from '../../mm/physical/counts.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { reportFreedLock } from './self-checks.ts';
import { nothing, nullPointer, numberOf, placeOf, ulongValue } from './values.ts';

/** Bits of `gfp_t` that change what is seen; 6.12 on x86-64. */
export const __GFP_ZERO = 0x100n;
export const __GFP_COMP = 0x40000n;

const largestOrder = 10n;
/** Larger requests fail, as they would on the modelled machine. Bytes. */
const largestRequest = 0x4000_0000n;

/** `alloc_pages` with the gfp flags and the order at these arguments; gives the struct page. `more` are flags that the call itself adds. */
function pages(gfp: number, order?: number, more = 0n): KernelCall {
  return (context) => {
    const flags = (context.ulong(gfp) ?? 0n) | more;
    const count = order === undefined ? 0n : context.ulong(order);
    if (count === undefined || count > largestOrder) return nullPointer();
    const zero = (flags & __GFP_ZERO) !== 0n;
    const allocation = alloc_pages(context.system, {
      order: Number(count),
      label: context.label(),
      compound: (flags & __GFP_COMP) !== 0n,
      zero,
    });
    context.environment.memory.adoptLater(allocation, context.origin(allocation.bytes, zero));
    return context.environment.objects.page(BigInt(allocation.runs[0]?.pfn ?? 0));
  };
}

/**
 * `alloc_pages_bulk_array(gfp, count, array)`, from 6.14 on `alloc_pages_bulk`: single pages into the places of the list that are NULL; the
 * number of places that are filled from the start on. `number` is the argument with the count, the list follows.
 */
function bulk(number: number): KernelCall {
  const single = pages(0);
  return (context) => {
    const count = context.ulong(number);
    const list = placeOf(context.argument(number + 1));
    if (count === undefined || count > mostInBulk || !list) return undefined;
    for (let index = 0n; index < count; index++) {
      const at = elementAt(list, constant(index), pointerBytes, pagePointer);
      if (placeOf(context.machine.read(at, pagePointer))) continue;
      const page = single(context);
      if (page) context.machine.write(at, page, context.call.span);
    }
    return ulongValue(count);
  };
}

/** More pages than this are not asked for at once. */
const mostInBulk = 4096n;
const pagePointer = { kind: 'pointer', to: structType('page') } as const;
const pointerBytes = 8;

/** `__get_free_pages`: the same, given as an address. */
function freePages(options: { readonly gfp: number; readonly order?: number; readonly zero?: boolean }): KernelCall {
  return (context) => {
    const flags = context.ulong(options.gfp) ?? 0n;
    const order = options.order === undefined ? 0n : context.ulong(options.order);
    if (order === undefined || order > largestOrder) return ulongValue(0n);
    const zero = options.zero === true || (flags & __GFP_ZERO) !== 0n;
    const allocation = alloc_pages(context.system, {
      order: Number(order),
      label: context.label(),
      compound: (flags & __GFP_COMP) !== 0n,
      zero,
    });
    context.environment.memory.adopt(allocation, context.origin(allocation.bytes, zero));
    return ulongValue(allocation.address);
  };
}

function exactPages(size: number, gfp: number): KernelCall {
  return (context) => {
    const bytes = context.ulong(size);
    if (bytes === undefined) return undefined;
    if (bytes === 0n || bytes > largestRequest) return nullPointer();
    const zero = ((context.ulong(gfp) ?? 0n) & __GFP_ZERO) !== 0n;
    return context.pointer(alloc_pages_exact(context.system, { bytes, label: context.label(), zero }), zero);
  };
}

function virtual(options: { readonly user?: boolean; readonly zero?: boolean; readonly array?: boolean }): KernelCall {
  return (context) => {
    const unit = context.ulong(0);
    const count = options.array ? context.ulong(1) : 1n;
    if (unit === undefined || count === undefined) return undefined;
    const bytes = unit * count;
    if (bytes === 0n || bytes > largestRequest) return nullPointer();
    const zero = options.zero === true || options.user === true;
    return context.pointer(vmalloc(context.system, { bytes, label: context.label(), user: options.user ?? false, zero }), zero);
  };
}

/** Coherent memory: the address is returned, the bus address is stored where `handle` points. */
function coherent(size: number, handle: number): KernelCall {
  return (context) => {
    const bytes = context.ulong(size);
    if (bytes === undefined) return undefined;
    if (bytes === 0n || bytes > largestRequest) return nullPointer();
    const allocation = dma_alloc_coherent(context.system, { bytes, label: context.label() });
    storeBusAddress(context, handle, BigInt(allocation.runs[0]?.pfn ?? 0) << 12n, bytes);
    return context.pointer(allocation, true);
  };
}

function storeBusAddress(context: CallContext, handle: number, physical: bigint, bytes: bigint): void {
  const place = placeOf(context.argument(handle));
  if (place) context.machine.write(place, ulongValue(context.environment.iommu.busAddress(physical, bytes)), context.call.span);
}

/** `dma_alloc_pages(dev, size, handle, dir, gfp)`: the struct page. */
const dmaPages: KernelCall = (context) => {
  const bytes = context.ulong(1);
  if (bytes === undefined || bytes === 0n || bytes > largestRequest) return nullPointer();
  const allocation = dma_alloc_coherent(context.system, { bytes, label: context.label() });
  context.environment.memory.adopt(allocation, context.origin(bytes, true));
  storeBusAddress(context, 2, BigInt(allocation.runs[0]?.pfn ?? 0) << 12n, bytes);
  return context.environment.objects.page(BigInt(allocation.runs[0]?.pfn ?? 0));
};

/** Frees what argument `index` points to. NULL is fine, as in the kernel. */
function freeMemory(index: number): KernelCall {
  return (context) => {
    const place = context.place(index);
    if (!place) return numberOf(context.argument(index)) === 0n ? nothing : undefined;
    const object = place.object;
    if (object.freed)
      return context.machine.stop({ kind: 'fault', message: `${context.call.name} frees ${object.name}, which was freed before.` });
    reportFreedLock(context.system, context.environment.lockOrder.heldIn(object), context.call.name);
    const allocation = context.environment.memory.allocationOf(object);
    if (allocation?.freed !== false) object.freed ??= context.call.span;
    if (allocation) {
      freeAllocation(context.system, allocation, context.call.name);
      object.freed = context.call.span;
    }
    return nothing;
  };
}

/** `__free_pages(page, order)`: one reference less; memory goes with the last one. */
const freePage: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return numberOf(context.argument(0)) === 0n ? nothing : undefined;
  const owner = context.system.memory.owner(Number(pfn));
  const whole = owner && owner.runs[0]?.pfn === Number(pfn) && !owner.split && owner.kind === 'pages';
  if (whole) freeAllocation(context.system, owner, context.call.name);
  else put_page(context.system, pfn, context.call.name);
  return nothing;
};

/** `free_pages(address, order)`. */
const freeAddress: KernelCall = (context) => {
  const place = context.place(0);
  if (!place) return nothing;
  const allocation = context.environment.memory.allocationOf(place.object);
  if (allocation) {
    freeAllocation(context.system, allocation, context.call.name);
    place.object.freed = context.call.span;
  }
  return nothing;
};

export const allocationCalls: KernelCallTable = {
  alloc_page: pages(0),
  alloc_pages: pages(0, 1),
  __alloc_pages: pages(0, 1),
  alloc_pages_bulk: bulk(1),
  alloc_pages_bulk_array: bulk(1),
  alloc_pages_bulk_array_node: bulk(2),
  alloc_pages_node: pages(1, 2),
  alloc_page_vma: pages(0),
  dev_alloc_page: (context) => pages(99)(context),
  folio_alloc: pages(0, 1, __GFP_COMP),
  __folio_alloc: pages(0, 1, __GFP_COMP),
  __get_free_page: freePages({ gfp: 0 }),
  __get_free_pages: freePages({ gfp: 0, order: 1 }),
  get_zeroed_page: freePages({ gfp: 0, zero: true }),
  __get_dma_pages: freePages({ gfp: 0, order: 1 }),
  devm_get_free_pages: freePages({ gfp: 1, order: 2 }),
  alloc_pages_exact: exactPages(0, 1),
  alloc_pages_exact_nid: exactPages(1, 2),
  vmalloc: virtual({}),
  __vmalloc: virtual({}),
  vmalloc_32: virtual({}),
  vmalloc_node: virtual({}),
  vzalloc: virtual({ zero: true }),
  vzalloc_node: virtual({ zero: true }),
  vmalloc_user: virtual({ user: true }),
  vmalloc_32_user: virtual({ user: true }),
  vmalloc_array: virtual({ array: true }),
  vcalloc: virtual({ array: true, zero: true }),
  dma_alloc_coherent: coherent(1, 2),
  dmam_alloc_coherent: coherent(1, 2),
  dma_alloc_wc: coherent(1, 2),
  dma_alloc_writecombine: coherent(1, 2),
  dma_alloc_attrs: coherent(1, 2),
  dmam_alloc_attrs: coherent(1, 2),
  dma_alloc_noncoherent: coherent(1, 2),
  dma_alloc_noncontiguous: coherent(1, 2),
  pci_alloc_consistent: coherent(1, 2),
  usb_alloc_coherent: coherent(1, 3),
  gen_pool_dma_alloc: coherent(1, 2),
  dma_alloc_pages: dmaPages,
  vfree: freeMemory(0),
  kvfree: freeMemory(0),
  kfree: freeMemory(0),
  kfree_sensitive: freeMemory(0),
  devm_kfree: freeMemory(1),
  free_pages_exact: freeMemory(0),
  dma_free_coherent: freeMemory(2),
  dmam_free_coherent: freeMemory(2),
  dma_free_wc: freeMemory(2),
  dma_free_attrs: freeMemory(2),
  dma_free_noncoherent: freeMemory(2),
  pci_free_consistent: freeMemory(2),
  __free_page: freePage,
  __free_pages: freePage,
  free_page: freeAddress,
  free_pages: freeAddress,
};
