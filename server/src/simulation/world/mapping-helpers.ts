/**
 * Functions of subsystems that map a buffer of theirs for a driver: which vmas they refuse, what they change in the vma,
 * how they map and which table they install, as in 6.12. A table; the buffer, which no file at hand shows, is assumed.
 */
import { dma_mmap_coherent } from '../../mm/calls/dma-mmap.ts';
import { vm_map_pages } from '../../mm/calls/insert-page.ts';
import { remap_pfn_range } from '../../mm/calls/remap-pfn-range.ts';
import { remap_vmalloc_range } from '../../mm/calls/remap-vmalloc.ts';
import { vm_flags_mod } from '../../mm/calls/vm-flags.ts';
import { errno } from '../../mm/errno.ts';
import { isCowMapping, VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_PFNMAP, VM_READ, VM_SHARED } from '../../mm/flags.ts';
import { pgprot_noncached, pgprot_writecombine, vm_get_page_prot } from '../../mm/pgprot.ts';
import { type Allocation, pfnAt } from '../../mm/physical/allocation.ts';
import type { VmFault, VmOps } from '../../mm/vm-ops.ts';
import { assignVmaField, type Vma, vmaSize } from '../../mm/vma.ts';
import type { CallContext, CallEnvironment, KernelCall, KernelCallTable } from './call-context.ts';
import { type HelperFault, helperOps } from './helper-ops.ts';
import type { PlannedKind } from './kernel-memory.ts';
import { intValue, numberOf } from './values.ts';

/** Vmas that a helper refuses with -EINVAL. */
type Refusal = 'private' | 'cow' | 'unreadable' | 'longer than the buffer';

/** What a helper does to a vma. */
export interface MappingHelper {
  /** Index of the vma among the arguments. */
  readonly vma: number;
  readonly refuses?: readonly Refusal[];
  /** The buffer: of what kind it is, and why one is there. */
  readonly buffer: { readonly kind: PlannedKind; readonly of: string; readonly because: string };
  /** `vm_pgoff` chose the buffer and is set to 0 before the mapping. */
  readonly resetsOffset?: boolean;
  readonly sets?: bigint;
  readonly clears?: bigint;
  /** The flags change only once everything is mapped. */
  readonly changesLast?: boolean;
  readonly protection?: (vma: Vma) => bigint;
  readonly maps: 'remap' | 'dma' | 'vmalloc' | 'pages' | 'by faults';
  readonly fault?: HelperFault;
  /** The table that is installed; absent: the one that is there stays. */
  readonly ops?: string;
}

const refused: Readonly<Record<Refusal, (vma: Vma, buffer: Allocation) => boolean>> = {
  private: (vma) => !(vma.vm_flags & VM_SHARED),
  cow: (vma) => isCowMapping(vma.vm_flags),
  unreadable: (vma) => !(vma.vm_flags & VM_READ),
  'longer than the buffer': (vma, buffer) => vmaSize(vma) > buffer.bytes,
};

/** Does it; gives 0 or a negative error number. */
export function mapByHelper(context: CallContext, helper: MappingHelper, vma: Vma): number {
  const { kind, of, because } = helper.buffer;
  const buffer = context.environment.assumedBuffer(of, kind, because);
  if (helper.refuses?.some((each) => refused[each](vma, buffer))) return -errno.EINVAL;
  if (helper.resetsOffset) assignVmaField(vma, 'vm_pgoff', 0n);
  if (!helper.changesLast) change(vma, helper);
  if (helper.protection) assignVmaField(vma, 'vm_page_prot', helper.protection(vma));
  const result = mapped(vma, buffer, helper.maps);
  if (result !== 0) return result;
  if (helper.changesLast) change(vma, helper);
  if (helper.ops !== undefined) assignVmaField(vma, 'vm_ops', helperOps(context.system, helper.ops, helper.fault, buffer));
  return 0;
}

function change(vma: Vma, { sets = 0n, clears = 0n }: MappingHelper): void {
  if (sets !== 0n || clears !== 0n) vm_flags_mod(vma, sets, clears);
}

function mapped(vma: Vma, buffer: Allocation, how: MappingHelper['maps']): number {
  switch (how) {
    case 'remap': {
      const pfn = pfnAt(buffer, Number(vma.vm_pgoff));
      return pfn === undefined ? -errno.EINVAL : remap_pfn_range(vma, vma.vm_start, pfn, vmaSize(vma), vma.vm_page_prot);
    }
    case 'dma':
      return dma_mmap_coherent(vma, buffer, buffer.bytes);
    case 'vmalloc':
      return remap_vmalloc_range(vma, buffer, 0n);
    case 'pages':
      return vm_map_pages(
        vma,
        Array.from({ length: buffer.pages }, (_, index) => pfnAt(buffer, index) ?? 0n),
      );
    case 'by faults':
      return 0;
  }
}

/** videobuf2's memory operations (drivers/media/common/videobuf2), by the name of their table. */
const vb2Memory: Readonly<Record<string, Pick<MappingHelper, 'maps' | 'sets'> & { readonly kind: PlannedKind }>> = {
  vb2_vmalloc_memops: { kind: 'vmalloc-user', maps: 'vmalloc', sets: VM_DONTEXPAND },
  vb2_dma_sg_memops: { kind: 'pages', maps: 'pages', sets: VM_DONTEXPAND | VM_DONTDUMP },
  vb2_dma_contig_memops: { kind: 'dma', maps: 'dma', sets: VM_DONTEXPAND | VM_DONTDUMP },
};

/** `vb2_mmap` (drivers/media/common/videobuf2/videobuf2-core.c): the table of the queue's memory is told by the driver. */
function videobuf(vma: number): KernelCall {
  return (context) => {
    const found = context.vma(vma);
    if (!found) return undefined;
    const table = Object.keys(vb2Memory).find((name) => context.environment.mentions(name)) ?? 'vb2_dma_contig_memops';
    const { kind, maps, sets } = vb2Memory[table] ?? { kind: 'dma', maps: 'dma' };
    const helper: MappingHelper = {
      vma,
      refuses: ['private', 'unreadable', 'longer than the buffer'],
      buffer: {
        kind,
        of: 'buffer 0 of the queue',
        because: `the program has asked the queue for a buffer, and its memory is that of ${table}`,
      },
      resetsOffset: true,
      maps,
      ...(sets === undefined ? {} : { sets, changesLast: true }),
      ops: 'vb2_common_vm_ops',
    };
    return intValue(mapByHelper(context, helper, found));
  };
}

const special = VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;

/** `ttm_bo_mmap_obj(vma, bo)` (drivers/gpu/drm/ttm/ttm_bo_vm.c). */
const ttm: MappingHelper = {
  vma: 0,
  refuses: ['cow'],
  buffer: { kind: 'pages', of: 'the pages of the buffer object', because: 'the object is taken to lie in system memory' },
  sets: special,
  maps: 'by faults',
  fault: { kind: 'pfn', pages: 16 },
  ops: 'ttm_bo_vm_ops',
};

/** `drm_gem_shmem_mmap(object, vma)` (drivers/gpu/drm/drm_gem_shmem_helper.c): faults insert one pfn each. */
const shmem: MappingHelper = {
  vma: 1,
  refuses: ['cow'],
  buffer: { kind: 'pages', of: 'the pages of the object', because: 'the object is not imported' },
  sets: VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
  protection: (vma) => pgprot_writecombine(vm_get_page_prot(vma.vm_flags)),
  maps: 'by faults',
  fault: { kind: 'pfn', pages: 1 },
  ops: 'drm_gem_shmem_vm_ops',
};

/** `drm_gem_dma_mmap(object, vma)` (drivers/gpu/drm/drm_gem_dma_helper.c). */
const dmaObject: MappingHelper = {
  vma: 1,
  buffer: { kind: 'dma', of: 'the memory of the object', because: 'the object is coherent memory' },
  resetsOffset: true,
  sets: VM_DONTEXPAND,
  clears: VM_PFNMAP,
  maps: 'dma',
};

const helpers: Readonly<Record<string, MappingHelper>> = {
  ttm_bo_mmap_obj: ttm,
  /** Gives up its reference afterwards. */
  drm_gem_ttm_mmap: { ...ttm, vma: 1 },
  drm_gem_shmem_mmap: shmem,
  drm_gem_shmem_object_mmap: shmem,
  drm_gem_dma_mmap: dmaObject,
  drm_gem_dma_object_mmap: dmaObject,
  // drivers/video/fbdev/core/fb_defio.c
  fb_deferred_io_mmap: {
    vma: 1,
    buffer: { kind: 'vmalloc', of: 'the frame buffer', because: 'deferred I/O draws into memory of its own' },
    sets: VM_DONTEXPAND | VM_DONTDUMP,
    maps: 'by faults',
    fault: { kind: 'tracked page' },
    ops: 'fb_deferred_io_vm_ops',
  },
  // sound/core/pcm_native.c, sound/core/memalloc.c
  snd_pcm_lib_default_mmap: {
    vma: 1,
    buffer: { kind: 'dma', of: 'the DMA buffer of the substream', because: 'hw_params has allocated it' },
    sets: VM_DONTEXPAND | VM_DONTDUMP,
    maps: 'dma',
  },
  snd_dma_buffer_mmap: {
    vma: 1,
    buffer: { kind: 'dma', of: 'the DMA buffer', because: 'it is allocated before it is mapped' },
    maps: 'dma',
  },
  snd_pcm_lib_mmap_iomem: {
    vma: 1,
    buffer: { kind: 'device', of: 'the DMA area of the substream', because: 'it is a window of the device' },
    protection: (vma) => pgprot_noncached(vma.vm_page_prot),
    maps: 'remap',
  },
  // kernel/dma/mapping.c
  dma_mmap_noncontiguous: {
    vma: 1,
    buffer: { kind: 'dma', of: 'the noncontiguous DMA memory', because: 'it is allocated before it is mapped' },
    maps: 'dma',
  },
  // mm/filemap.c, mm/shmem.c: the pages of a file
  call_mmap: {
    vma: 1,
    buffer: { kind: 'pages', of: 'the pages of the file', because: 'the file is one of shmem' },
    maps: 'by faults',
    fault: { kind: 'page' },
    ops: 'shmem_vm_ops',
  },
  generic_file_mmap: {
    vma: 1,
    buffer: { kind: 'pages', of: 'the pages of the file', because: 'the page cache has them' },
    maps: 'by faults',
    fault: { kind: 'page' },
    ops: 'generic_file_vm_ops',
  },
};

function helperCall(helper: MappingHelper): KernelCall {
  return (context) => {
    const vma = context.vma(helper.vma);
    return vma && intValue(mapByHelper(context, helper, vma));
  };
}

export const mappingHelpers: KernelCallTable = {
  ...Object.fromEntries(Object.entries(helpers).map(([name, helper]) => [name, helperCall(helper)])),
  vb2_mmap: videobuf(1),
  vb2_fop_mmap: videobuf(1),
  v4l2_m2m_fop_mmap: videobuf(1),
  v4l2_m2m_mmap: videobuf(2),
  fb_deferred_io_init: () => intValue(0),
};

/** The table of vma operations with this name, for files that install it themselves. */
export function foreignOps(environment: CallEnvironment, table: string): VmOps | undefined {
  const helper = Object.values(helpers).find(({ ops }) => ops === table);
  if (!helper) return undefined;
  const { kind, of, because } = helper.buffer;
  return helperOps(environment.system, table, helper.fault, helper.fault && environment.assumedBuffer(of, kind, because));
}

/** Fault functions of subsystems that drivers put into tables of their own, by the helper whose table has them. */
const faultFunctions: Readonly<Record<string, MappingHelper>> = {
  ttm_bo_vm_fault: ttm,
  drm_gem_shmem_fault: shmem,
  ...(helpers.call_mmap ? { shmem_fault: helpers.call_mmap } : {}),
  ...(helpers.generic_file_mmap ? { filemap_fault: helpers.generic_file_mmap } : {}),
};

/** What such a function answers; `undefined` for one that the model does not know. */
export function foreignFault(environment: CallEnvironment, name: string, vmf: VmFault): number | undefined {
  const helper = Object.hasOwn(faultFunctions, name) ? faultFunctions[name] : undefined;
  if (!helper?.fault) return undefined;
  const { kind, of, because } = helper.buffer;
  return helperOps(environment.system, name, helper.fault, environment.assumedBuffer(of, kind, because)).fault?.(vmf);
}

/** Whether a value is a number that says no. */
export function isFailure(value: Parameters<typeof numberOf>[0]): boolean {
  return BigInt.asIntN(32, numberOf(value) ?? 0n) < 0n;
}
