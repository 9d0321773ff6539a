/**
 * Functions of subsystems whose mapping depends on what the driver's structs hold: windows of frame buffers, of VME and of
 * PCI devices, GEM objects with the driver's own mmap, buffers of TTM. As in 6.12.
 */
import { unsignedLong } from '../../execution/ctype.ts';
import type { Place, Value } from '../../execution/value.ts';
import { io_remap_pfn_range, remap_pfn_range, vm_iomap_memory } from '../../mm/calls/remap-pfn-range.ts';
import { vm_flags_set } from '../../mm/calls/vm-flags.ts';
import { errno } from '../../mm/errno.ts';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_MAYSHARE, VM_PFNMAP, VM_SHARED } from '../../mm/flags.ts';
import { pgprot_noncached, pgprot_writecombine, vm_get_page_prot } from '../../mm/pgprot.ts';
import { addDeviceRegion } from '../../mm/physical/allocate.ts';
import { pfnAt } from '../../mm/physical/allocation.ts';
import { PAGE_SHIFT, PAGE_SIZE, pageAlign } from '../../mm/units.ts';
import { assignVmaField, type Vma, vma_pages, vmaSize } from '../../mm/vma.ts';
import { assumedPages, physicalStart } from '../state/choices.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { dmaBufCalls } from './dma-buf-calls.ts';
import { helperOps, insertPfns } from './helper-ops.ts';
import { isFailure, type MappingHelper, mapByHelper } from './mapping-helpers.ts';
import { structType } from './objects.ts';
import { intValue, nothing, numberOf, placeOf, pointerTo } from './values.ts';

const special = VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;

function fieldOf(place: Place, ...names: readonly string[]): Place {
  return { object: place.object, path: [...place.path, ...names.map((name) => ({ kind: 'field' as const, name }))] };
}

function numberAt(context: CallContext, place: Place, ...names: readonly string[]): bigint {
  return BigInt.asUintN(64, numberOf(context.machine.read(fieldOf(place, ...names), unsignedLong)) ?? 0n);
}

/** `fb_io_mmap(info, vma)` (drivers/video/fbdev/core/fb_io_fops.c): the frame buffer, or the registers behind it. */
const frameBuffer: KernelCall = (context) => {
  const info = context.place(0);
  const vma = context.vma(1);
  if (!info || !vma) return undefined;
  let start = numberAt(context, info, 'fix', 'smem_start');
  let length = numberAt(context, info, 'fix', 'smem_len');
  const registers = pageAlign((start & (PAGE_SIZE - 1n)) + length) >> PAGE_SHIFT;
  if (vma.vm_pgoff >= registers) {
    assignVmaField(vma, 'vm_pgoff', vma.vm_pgoff - registers);
    start = numberAt(context, info, 'fix', 'mmio_start');
    length = numberAt(context, info, 'fix', 'mmio_len');
  }
  assignVmaField(vma, 'vm_page_prot', pgprot_writecombine(vm_get_page_prot(vma.vm_flags)));
  return intValue(vm_iomap_memory(vma, start, length));
};

/** Sizes of a `struct sbus_mmap_map`: below 0 they count frame buffers; this one is none. */
const SBUS_MMAP_EMPTY = 0x8000_0000n;
/** Entries of such a table that are looked at. */
const maximumMaps = 32;

/** `sbusfb_mmap_helper(map, physbase, fbsize, iospace, vma)` (drivers/video/fbdev/sbuslib.c). */
const sbus: KernelCall = (context) => {
  const map = context.argument(0);
  const physbase = context.ulong(1);
  const frameBytes = context.ulong(2);
  const vma = context.vma(4);
  if (map?.kind !== 'pointer' || physbase === undefined || frameBytes === undefined || !vma) return undefined;
  if (!(vma.vm_flags & (VM_SHARED | VM_MAYSHARE))) return intValue(-errno.EINVAL);
  assignVmaField(vma, 'vm_page_prot', pgprot_noncached(vma.vm_page_prot));
  const windows = sbusWindows(context, map.place, frameBytes);
  const size = vmaSize(vma);
  for (let at = 0n; at < size; ) {
    const window = windows.find(({ offset, length }) => offset === (vma.vm_pgoff << PAGE_SHIFT) + at && length > 0n);
    if (!window) {
      at += PAGE_SIZE;
      continue;
    }
    const length = at + window.length > size ? size - at : window.length;
    const pfn = (physbase + window.physical) >> PAGE_SHIFT;
    claimWindow(context, physbase + window.physical, window.length);
    if (io_remap_pfn_range(vma, vma.vm_start + at, pfn, length, vma.vm_page_prot) !== 0) return intValue(-errno.EAGAIN);
    at += length;
  }
  return intValue(0);
};

/** The driver's table says that the device has memory there; windows that are known are left as they are. */
function claimWindow(context: CallContext, physical: bigint, bytes: bigint): void {
  const known = context.system.memory.owner(Number(physical >> PAGE_SHIFT));
  if (known || bytes > largestWindow) return;
  addDeviceRegion(context.system, { bytes, label: 'a window of the table', physical });
}

/** Sizes beyond this were computed from what is not known. Bytes. */
const largestWindow = 1n << 32n;

function sbusWindows(context: CallContext, map: Place, frameBytes: bigint) {
  const unit = 24;
  const windows: { readonly offset: bigint; readonly physical: bigint; readonly length: bigint }[] = [];
  for (let index = 0n; index < maximumMaps; index++) {
    const row: Place = { object: map.object, path: [...map.path, { kind: 'element', index: { kind: 'constant', value: index }, unit }] };
    const at = (bytes: number): bigint => {
      const place: Place = {
        object: row.object,
        path: [...row.path, { kind: 'element', index: { kind: 'constant', value: BigInt(bytes) }, unit: 1 }],
      };
      return BigInt.asUintN(64, numberOf(context.machine.read(place, unsignedLong)) ?? 0n);
    };
    const size = at(16);
    if (size === 0n) break;
    const signed = BigInt.asIntN(64, size);
    const length = size === SBUS_MMAP_EMPTY ? 0n : signed >= 0n ? size : frameBytes * -signed;
    windows.push({ offset: at(0), physical: at(8), length });
  }
  return windows;
}

/** `vme_master_mmap(resource, vma)` (drivers/staging/vme_user/vme.c): -EFAULT past the window. */
const vme: KernelCall = (context) => {
  const vma = context.vma(1);
  if (!vma) return undefined;
  const window = context.environment.deviceRegion('the window of the VME master', 'the bridge has given the driver one');
  const start = physicalStart(window) + (vma.vm_pgoff << PAGE_SHIFT);
  if (start + vmaSize(vma) > physicalStart(window) + window.bytes) return intValue(-errno.EFAULT);
  assignVmaField(vma, 'vm_page_prot', pgprot_noncached(vma.vm_page_prot));
  return intValue(vm_iomap_memory(vma, start, vmaSize(vma)));
};

/** Bits of the offset that choose the region of a VFIO device: `VFIO_PCI_OFFSET_SHIFT`, in pages. */
const regionShift = 28n;
const VFIO_PCI_ROM_REGION_INDEX = 6n;

/** `vfio_pci_core_mmap(vdev, vma)` (drivers/vfio/pci/vfio_pci_core.c): BARs, inserted by faults. */
const vfio: KernelCall = (context) => {
  const vma = context.vma(1);
  if (!vma) return undefined;
  const index = vma.vm_pgoff >> regionShift;
  if (!(vma.vm_flags & VM_SHARED) || index >= VFIO_PCI_ROM_REGION_INDEX) return intValue(-errno.EINVAL);
  const bar = context.environment.deviceRegion(`PCI BAR ${index}`, 'a window of the device');
  const pgoff = vma.vm_pgoff & ((1n << regionShift) - 1n);
  if ((pgoff << PAGE_SHIFT) + vmaSize(vma) > pageAlign(bar.bytes)) return intValue(-errno.EINVAL);
  assignVmaField(vma, 'vm_page_prot', pgprot_noncached(vma.vm_page_prot));
  vm_flags_set(vma, special);
  const first = pgoff - vma.vm_pgoff;
  const window = { ...bar, runs: bar.runs.map((run) => ({ ...run, index: run.index - Number(first) })) };
  assignVmaField(vma, 'vm_ops', helperOps(context.system, 'vfio_pci_mmap_ops', { kind: 'pfn', pages: 1 }, window));
  return intValue(0);
};

/** The table and the function of a GEM object's `funcs`. */
function gemFunctions(context: CallContext, object: Value) {
  const place = placeOf(object);
  if (!place) return undefined;
  const type = { kind: 'pointer', to: structType('drm_gem_object_funcs') } as const;
  const funcs = placeOf(context.machine.read(fieldOf(place, 'funcs'), type));
  if (!funcs || funcs.object.origin.kind === 'assumed') return undefined;
  const functionPointer = { kind: 'pointer', to: { kind: 'function', returns: { kind: 'unknown' }, parameters: [] } } as const;
  return {
    mmap: context.machine.read(fieldOf(funcs, 'mmap'), functionPointer),
    ops: context.machine.read(fieldOf(funcs, 'vm_ops'), { kind: 'pointer', to: structType('vm_operations_struct') }),
  };
}

/** An object whose functions are in another file. */
const otherObject: MappingHelper = {
  vma: 1,
  buffer: {
    kind: 'dma',
    of: 'the memory of the object',
    because: 'its functions are in another file and are taken to map coherent memory',
  },
  sets: VM_IO | VM_DONTEXPAND | VM_DONTDUMP,
  maps: 'dma',
  ops: 'the vm_ops of the object',
};

/** `drm_gem_mmap_obj(obj, obj_size, vma)` (drivers/gpu/drm/drm_gem.c). */
function mapGem(context: CallContext, object: Value, size: bigint, vma: Vma): Value {
  const functions = gemFunctions(context, object);
  if (!functions) return intValue(mapByHelper(context, otherObject, vma));
  if (size < vmaSize(vma)) return intValue(-errno.EINVAL);
  assignVmaField(vma, 'vm_private_data', object);
  assignVmaField(vma, 'vm_ops', context.environment.opsAt(functions.ops));
  if (functions.mmap.kind === 'function') return context.run(functions.mmap.name, [object, context.environment.objects.vma(vma)]);
  if (!vma.vm_ops) return intValue(-errno.EINVAL);
  vm_flags_set(vma, special);
  assignVmaField(vma, 'vm_page_prot', pgprot_writecombine(vm_get_page_prot(vma.vm_flags)));
  return intValue(0);
}

const gemObject: KernelCall = (context) => {
  const object = context.argument(0);
  const size = context.ulong(1);
  const vma = context.vma(2);
  return object && size !== undefined && vma ? mapGem(context, object, size, vma) : undefined;
};

/** `drm_gem_mmap(filp, vma)`: the object whose offset the program maps; here there is one, of 64 KiB at offset 0. */
const gemFile: KernelCall = (context) => {
  const vma = context.vma(1);
  if (!vma) return undefined;
  if (vma.vm_pgoff !== 0n || vma_pages(vma) > assumedPages) return intValue(-errno.EINVAL);
  const tag = 'drm_gem_object';
  const known = context.environment.registered.given(tag);
  const object = known ?? pointerTo(context.machine.allocate('obj', structType(tag), { kind: 'assumed' }));
  if (!known) context.environment.registered.give(tag, object);
  return mapGem(context, object, assumedPages << PAGE_SHIFT, vma);
};

/** `drm_gem_prime_mmap(obj, vma)` (drivers/gpu/drm/drm_prime.c). */
const gemPrime: KernelCall = (context) => {
  const object = context.argument(0);
  const vma = context.vma(1);
  const functions = object && gemFunctions(context, object);
  if (!object || !vma) return undefined;
  if (functions?.mmap.kind !== 'function') return mapGem(context, object, assumedPages << PAGE_SHIFT, vma);
  assignVmaField(vma, 'vm_ops', context.environment.opsAt(functions.ops));
  const result = context.run(functions.mmap.name, [object, context.environment.objects.vma(vma)]);
  if (!isFailure(result)) assignVmaField(vma, 'vm_private_data', object);
  return result;
};

/** `dma_buf_mmap(dmabuf, vma, pgoff)` (drivers/dma-buf/dma-buf.c): the exporter is taken to remap 64 KiB of RAM. */
const dmaBuf: KernelCall = (context) => {
  const own = dmaBufCalls.dma_buf_mmap?.(context);
  if (own) return own;
  const vma = context.vma(1);
  const pgoff = context.ulong(2);
  if (!vma || pgoff === undefined) return undefined;
  if (pgoff + vma_pages(vma) > assumedPages) return intValue(-errno.EINVAL);
  const buffer = context.environment.assumedBuffer('the memory of the dma-buf', 'pages', 'its exporter maps it by remap_pfn_range');
  assignVmaField(vma, 'vm_pgoff', pgoff);
  const pfn = pfnAt(buffer, Number(pgoff)) ?? 0n;
  return intValue(remap_pfn_range(vma, vma.vm_start, pfn, vmaSize(vma), vma.vm_page_prot));
};

/** `ttm_bo_vm_fault_reserved(vmf, prot, pages)` (drivers/gpu/drm/ttm/ttm_bo_vm.c). */
const ttmFault: KernelCall = (context) => {
  const vmf = context.vmf(0);
  const prot = context.ulong(1);
  const pages = context.ulong(2);
  if (!vmf || prot === undefined || pages === undefined) return undefined;
  const because = 'the object is taken to lie in system memory';
  const buffer = context.environment.assumedBuffer('the pages of the buffer object', 'pages', because);
  return intValue(insertPfns(vmf, buffer, Number(pages), prot));
};

export const subsystemMappingCalls: KernelCallTable = {
  fb_io_mmap: frameBuffer,
  sbusfb_mmap_helper: sbus,
  vme_master_mmap: vme,
  vfio_pci_core_mmap: vfio,
  drm_gem_mmap_obj: gemObject,
  drm_gem_mmap: gemFile,
  drm_gem_prime_mmap: gemPrime,
  dma_buf_mmap: dmaBuf,
  /** Nobody else holds the object's reservation, and the object is not imported. */
  ttm_bo_vm_reserve: (context) => (context.vmf(1) ? intValue(0) : undefined),
  ttm_bo_vm_fault_reserved: ttmFault,
  ttm_bo_vm_open: () => nothing,
  ttm_bo_vm_close: () => nothing,
  dma_buf_put: (context) => dmaBufCalls.dma_buf_put?.(context) ?? nothing,
};
