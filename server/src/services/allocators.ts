/**
 * The kernel's allocators and what frees their memory, as data: how the size is computed, what the memory is, whether it
 * is zeroed, how failure shows. Which of success and failure happens is for the world to say; `allocate` makes the
 * object of a success. Knows nothing of physical memory.
 */
import { arithmetic, castInteger, integer, integerOf } from '../execution/arithmetic.ts';
import { type CType, unsignedLong, voidType } from '../execution/ctype.ts';
import { constantOf, type Term } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import type { PointerValue } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import { integerArgument, placeOf } from './service.ts';

/**
 * `linear`: memory with a page struct in the kernel's linear map; `slab`: such memory that shares its pages; `vmalloc`:
 * pages mapped anew, virtually contiguous; `dma`: coherent memory with a bus address; `iomem`: registers; `page`: a
 * `struct page *` instead of an address.
 */
export type MemoryKind = 'linear' | 'slab' | 'slabOrVmalloc' | 'vmalloc' | 'dma' | 'iomem' | 'page' | 'other';

export interface Allocator {
  readonly memory: MemoryKind;
  /** Indexes of the arguments that give the size in bytes, multiplied; or the order of pages. */
  readonly size?: readonly number[];
  readonly order?: number;
  readonly zeroed?: boolean;
  /** Index of the argument with gfp flags, where `__GFP_ZERO` may stand. */
  readonly gfp?: number;
  /** What it returns when it fails. */
  readonly failure: 'null' | 'errorPointer' | 'zero';
  /** For allocators that also write a bus address: the argument that points to it. */
  readonly handle?: number;
  /** The name that stands for it in facts and messages, where it differs: `devm_kzalloc` is a `kzalloc`. */
  readonly as?: string;
}

const slab = (size: readonly number[], gfp: number, zeroed = false): Allocator => ({ memory: 'slab', size, gfp, zeroed, failure: 'null' });
const either = (size: readonly number[], zeroed = false): Allocator => ({ memory: 'slabOrVmalloc', size, zeroed, failure: 'null' });
const virtual = (zeroed: boolean): Allocator => ({ memory: 'vmalloc', size: [0], zeroed, failure: 'null' });
const registers = (size: readonly number[], failure: 'null' | 'errorPointer' = 'null'): Allocator => ({ memory: 'iomem', size, failure });
const coherent = (gfp: number, handle: number, size = 1): Allocator => ({
  memory: 'dma',
  size: [size],
  gfp,
  handle,
  zeroed: true,
  failure: 'null',
});

const allocators: Readonly<Record<string, Allocator>> = {
  kmalloc: slab([0], 1),
  kmalloc_node: slab([0], 1),
  kzalloc: slab([0], 1, true),
  kzalloc_node: slab([0], 1, true),
  kcalloc: slab([0, 1], 2, true),
  kmalloc_array: slab([0, 1], 2),
  kmemdup: slab([1], 2),
  krealloc: slab([1], 2),
  kstrdup: { memory: 'slab', failure: 'null' },
  kasprintf: { memory: 'slab', failure: 'null' },
  kmem_cache_alloc: { memory: 'slab', gfp: 1, failure: 'null' },
  kmem_cache_zalloc: { memory: 'slab', zeroed: true, failure: 'null' },
  memdup_user: { memory: 'slab', size: [1], failure: 'errorPointer' },
  kvmalloc: either([0]),
  kvzalloc: either([0], true),
  kvcalloc: either([0, 1], true),
  kvmalloc_array: either([0, 1]),
  devm_kmalloc: { ...slab([1], 2), as: 'kmalloc' },
  devm_kzalloc: { ...slab([1], 2, true), as: 'kzalloc' },
  devm_kcalloc: { ...slab([1, 2], 3, true), as: 'kcalloc' },
  devm_kmalloc_array: { ...slab([1, 2], 3), as: 'kmalloc_array' },
  drmm_kzalloc: { ...slab([1], 2, true), as: 'kzalloc' },

  vmalloc: virtual(false),
  vzalloc: virtual(true),
  vmalloc_user: virtual(true),
  vmalloc_32: virtual(false),
  vmalloc_32_user: virtual(true),
  vmap: { memory: 'vmalloc', failure: 'null' },

  __get_free_page: { memory: 'linear', gfp: 0, failure: 'zero' },
  __get_free_pages: { memory: 'linear', order: 1, gfp: 0, failure: 'zero' },
  get_zeroed_page: { memory: 'linear', zeroed: true, failure: 'zero' },
  __get_dma_pages: { memory: 'linear', order: 1, gfp: 0, failure: 'zero' },
  devm_get_free_pages: { memory: 'linear', order: 2, gfp: 1, failure: 'zero', as: '__get_free_pages' },
  alloc_pages_exact: { memory: 'linear', size: [0], gfp: 1, failure: 'null' },
  alloc_page: { memory: 'page', gfp: 0, failure: 'null' },
  alloc_pages: { memory: 'page', order: 1, gfp: 0, failure: 'null' },
  alloc_pages_node: { memory: 'page', order: 2, gfp: 1, failure: 'null' },
  dev_alloc_page: { memory: 'page', failure: 'null' },

  dma_alloc_coherent: coherent(3, 2),
  dma_alloc_attrs: coherent(3, 2),
  dma_alloc_wc: coherent(3, 2),
  dma_alloc_writecombine: coherent(3, 2),
  dma_alloc_noncoherent: { ...coherent(4, 2), zeroed: false },
  dmam_alloc_coherent: { ...coherent(3, 2), as: 'dma_alloc_coherent' },
  dma_zalloc_coherent: coherent(3, 2),
  pci_alloc_consistent: coherent(-1, 2),
  usb_alloc_coherent: { ...coherent(2, 3), zeroed: false },
  usb_buffer_alloc: { ...coherent(2, 3), zeroed: false, as: 'usb_alloc_coherent' },

  ioremap: registers([1]),
  ioremap_wc: registers([1]),
  ioremap_uc: registers([1]),
  ioremap_cache: registers([1]),
  ioremap_nocache: registers([1]),
  ioremap_np: registers([1]),
  memremap: { memory: 'other', size: [1], failure: 'null' },
  devm_memremap: { memory: 'other', size: [2], failure: 'errorPointer' },
  devm_ioremap: { ...registers([2]), as: 'ioremap' },
  devm_ioremap_wc: { ...registers([2]), as: 'ioremap_wc' },
  devm_ioremap_resource: { ...registers([], 'errorPointer'), as: 'ioremap' },
  devm_platform_ioremap_resource: { ...registers([], 'errorPointer'), as: 'ioremap' },
  of_iomap: { ...registers([]), as: 'ioremap' },
  pci_iomap: { ...registers([2]), as: 'ioremap' },
  pcim_iomap: { ...registers([2]), as: 'ioremap' },
  pci_ioremap_bar: { ...registers([]), as: 'ioremap' },
};

/** What freeing calls free: the index of the pointer. */
const freeing: Readonly<Record<string, number>> = {
  kfree: 0,
  kfree_sensitive: 0,
  kzfree: 0,
  kvfree: 0,
  vfree: 0,
  vunmap: 0,
  free_page: 0,
  free_pages: 0,
  free_pages_exact: 0,
  __free_page: 0,
  __free_pages: 0,
  kmem_cache_free: 1,
  devm_kfree: 1,
  dma_free_coherent: 2,
  dma_free_attrs: 2,
  dma_free_wc: 2,
  pci_free_consistent: 2,
  usb_free_coherent: 2,
  iounmap: 0,
};

/** `__GFP_ZERO`, whose bit has moved: any of these in a gfp argument means zeroed memory. */
const gfpZero = 0x100n | 0x8000n;

/** How `name` allocates; `undefined` for a call that does not. */
export function allocatorOf(name: string): Allocator | undefined {
  return allocators[name];
}

/** Which argument of `name` is freed by it. */
export function freedArgument(name: string): number | undefined {
  return freeing[name];
}

/** The size of the allocation in bytes; `undefined` where the call does not tell. */
export function allocationSize(call: ExternalCall, allocator: Allocator): Term | undefined {
  const one = integerOf(unsignedLong, 1n);
  const pageSize = integerOf(unsignedLong, PAGE_SIZE);
  if (allocator.order !== undefined) {
    const order = integerArgument(call, allocator.order);
    return order && arithmetic('<<', pageSize, order)?.term;
  }
  if (!allocator.size) return allocator.memory === 'linear' || allocator.memory === 'page' ? pageSize.term : undefined;
  const factors = allocator.size.map((index) => integerArgument(call, index));
  if (factors.length === 0 || factors.some((factor) => !factor)) return undefined;
  const [first = one, second] = factors.flatMap((factor) => (factor ? [castInteger(factor, unsignedLong)] : []));
  return second ? integer(unsignedLong, apply('size_mul', unsignedLong, [first.term, second.term])).term : first.term;
}

/** The pointer that a successful allocation returns, to a new object of the type that the caller expects. */
export function allocate(machine: Machine, call: ExternalCall, allocator: Allocator): PointerValue {
  const expected = call.expected.kind === 'pointer' ? call.expected.to : undefined;
  const type: CType = allocator.memory === 'page' ? { kind: 'struct', tag: 'struct', name: 'page' } : (expected ?? voidType);
  const size = allocationSize(call, allocator);
  const object = machine.allocate(`${call.name}()`, type, {
    kind: 'allocated',
    call: allocator.as ?? call.name,
    ...(size ? { size } : {}),
    arguments: call.arguments,
    span: call.span,
    zeroed: isZeroed(call, allocator),
  });
  return { kind: 'pointer', place: placeOf({ object, path: [] }), pointee: type };
}

function isZeroed(call: ExternalCall, allocator: Allocator): boolean {
  if (allocator.zeroed) return true;
  const gfp = allocator.gfp === undefined ? undefined : integerArgument(call, allocator.gfp);
  const flags = gfp && constantOf(gfp.term);
  return flags !== undefined && (flags & gfpZero) !== 0n;
}
