/**
 * The mapping calls of Linux as C code makes them, routed to the mm model under their kernel names. Each reads its
 * arguments as the prototype has them; nothing here knows what a call does.
 */

import { elementAt } from '../../execution/place.ts';
import { constant } from '../../execution/term.ts';
import type { Place } from '../../execution/value.ts';
import * as dma from '../../mm/calls/dma-mmap.ts';
import * as insertHuge from '../../mm/calls/insert-huge.ts';
import * as insertPage from '../../mm/calls/insert-page.ts';
import * as insertPfn from '../../mm/calls/insert-pfn.ts';
import * as lookup from '../../mm/calls/lookup.ts';
import * as action from '../../mm/calls/mmap-action.ts';
import * as remap from '../../mm/calls/remap-pfn-range.ts';
import * as vmallocCalls from '../../mm/calls/remap-vmalloc.ts';
import * as vmFlags from '../../mm/calls/vm-flags.ts';
import * as zap from '../../mm/calls/zap-calls.ts';
import { isCowMapping } from '../../mm/flags.ts';
import { PAGE_BYTES, PAGE_SHIFT, ulong } from '../../mm/units.ts';
import type { VmAreaDesc } from '../../mm/vm-area-desc.ts';
import type { Vma } from '../../mm/vma.ts';
import { assignVmaField, vma_pages } from '../../mm/vma.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { pfnOfPage } from './fields.ts';
import { mappingHelpers } from './mapping-helpers.ts';
import { deviceFile, structType } from './objects.ts';
import { intValue, nothing, nullPointer, numberOf, placeOf, ulongValue } from './values.ts';

/** A call whose first argument is the vma and whose others are numbers. */
/** `vm_flags_set` and its like, which are inline: warnings name the function of the driver. */
function flagsCall(count: 1 | 2, run: (vma: Vma, caller: string, first: bigint, second: bigint) => void): KernelCall {
  return (context) => {
    const caller = context.machine.frames.at(-1)?.function ?? '';
    return vmaCall(count, (vma, first = 0n, second = 0n) => run(vma, caller, first, second))(context);
  };
}

function vmaCall(count: number, run: (vma: Vma, ...numbers: bigint[]) => unknown): KernelCall {
  return (context) => {
    const vma = context.vma(0);
    const numbers = Array.from({ length: count }, (_, index) => context.ulong(index + 1));
    if (!vma || numbers.some((number) => number === undefined)) return undefined;
    const result = run(vma, ...numbers.map((number) => number ?? 0n));
    return typeof result === 'number' ? intValue(result) : nothing;
  };
}

/** A call of a vma, an address and a struct page. */
function pageCall(run: (vma: Vma, address: bigint, pfn: bigint) => number): KernelCall {
  return (context) => {
    const vma = context.vma(0);
    const address = context.ulong(1);
    const pfn = context.page(2);
    if (!vma || address === undefined || pfn === undefined) return undefined;
    return intValue(run(vma, address, pfn));
  };
}

const pagePointer = { kind: 'pointer', to: structType('page') } as const;
const pointerBytes = 8;

/** The pfns of `count` struct page pointers from argument `index` on. */
function pagesAt(context: CallContext, index: number, count: bigint): readonly bigint[] | undefined {
  const place = placeOf(context.argument(index));
  if (!place) return undefined;
  const pfns: bigint[] = [];
  for (let at = 0n; at < count; at++) {
    const value = context.machine.read(elementAt(place, constant(at), pointerBytes, pagePointer), pagePointer);
    const pfn = pfnOfPage(value, context.environment.objects);
    if (pfn === undefined) return undefined;
    pfns.push(pfn);
  }
  return pfns;
}

/** `vm_map_pages(vma, pages, num)`; of a long array only what the vma can show is looked at. */
function mapPages(run: (vma: Vma, pfns: readonly bigint[]) => number): KernelCall {
  return (context) => {
    const vma = context.vma(0);
    const count = context.ulong(2);
    if (!vma || count === undefined) return undefined;
    const needed = vma.vm_pgoff + vma_pages(vma);
    const pfns = pagesAt(context, 1, count < needed ? count : needed);
    if (!pfns) return undefined;
    // The call compares with the whole count; the pages past the vma are never looked at.
    const padded = count > needed ? Object.assign([...pfns], { length: Number(count) }) : pfns;
    return intValue(run(vma, padded));
  };
}

const insertPages: KernelCall = (context) => {
  const vma = context.vma(0);
  const address = context.ulong(1);
  const countPlace = placeOf(context.argument(3));
  const unsignedLong = { kind: 'integer', bits: 64, signed: false } as const;
  const count = countPlace && numberOf(context.machine.read(countPlace, unsignedLong));
  if (!vma || address === undefined || !countPlace || count === undefined) return undefined;
  const pfns = pagesAt(context, 2, count);
  if (!pfns) return undefined;
  const { result, left } = insertPage.vm_insert_pages(vma, address, pfns);
  context.machine.write(countPlace, ulongValue(BigInt(left)), context.call.span);
  return intValue(result);
};

/** `dma_mmap_*(dev, vma, cpu_addr, dma_addr, size[, attrs])`. */
function dmaCall(run: typeof dma.dma_mmap_coherent, cpuAddress = 2, size = 4): KernelCall {
  return (context) => {
    const vma = context.vma(1);
    const place = context.place(cpuAddress);
    const bytes = context.ulong(size);
    if (!vma || !place || bytes === undefined) return undefined;
    const { memory } = context.environment;
    return intValue(run(vma, memory.backing(place.object), bytes, Math.floor((memory.offsetOf(place) ?? 0) / PAGE_BYTES)));
  };
}

/**
 * `dma_mmap_noncontiguous(dev, vma, size, table)`: the model's table is the memory itself. Of one that comes from elsewhere only the
 * helper knows.
 */
const dmaNoncontiguous: KernelCall = (context) => {
  const vma = context.vma(1);
  const bytes = context.ulong(2);
  const table = context.place(3);
  const memory = table && context.environment.memory.allocationOf(table.object);
  if (!vma || bytes === undefined || memory?.kind !== 'dma') return mappingHelpers.dma_mmap_noncontiguous?.(context);
  return intValue(dma.dma_mmap_noncontiguous(vma, memory, bytes));
};

/** `dma_mmap_pages(dev, vma, size, page)`. */
const dmaPages: KernelCall = (context) => {
  const vma = context.vma(1);
  const bytes = context.ulong(2);
  const pfn = context.page(3);
  const owner = pfn === undefined ? undefined : context.system.memory.owner(Number(pfn));
  if (!vma || pfn === undefined || !owner || bytes === undefined) return undefined;
  return intValue(dma.dma_mmap_pages(vma, owner, bytes, Number(pfn) - (owner.runs[0]?.pfn ?? 0)));
};

const remapVmalloc: KernelCall = (context) => {
  const vma = context.vma(0);
  const place = context.place(1);
  const pgoff = context.ulong(2);
  if (!vma || pgoff === undefined) return undefined;
  return intValue(
    vmallocCalls.remap_vmalloc_range(vma, place && context.environment.memory.backing(place.object), pgoff, inside(context, place)),
  );
};

/** Bytes from the start of its memory to a place. */
function inside({ environment: { memory } }: CallContext, place: Place | undefined): bigint {
  return BigInt((place && memory.offsetOf(place)) ?? 0);
}

const remapVmallocPartial: KernelCall = (context) => {
  const vma = context.vma(0);
  const address = context.ulong(1);
  const place = context.place(2);
  const pgoff = context.ulong(3);
  const size = context.ulong(4);
  if (!vma || address === undefined || pgoff === undefined || size === undefined) return undefined;
  return intValue(
    vmallocCalls.remap_vmalloc_range_partial(
      vma,
      address,
      place && context.environment.memory.backing(place.object),
      pgoff,
      size,
      inside(context, place),
    ),
  );
};

/** A look-up of a vma in an address space. */
function find(run: (context: CallContext, mm: Vma['vm_mm'], address: bigint) => Vma | undefined): KernelCall {
  return (context) => {
    const mm = context.environment.objects.pointed(context.argument(0), 'mm')?.mm;
    const address = context.ulong(1);
    if (!mm || address === undefined) return undefined;
    const vma = run(context, mm, address);
    return vma ? context.environment.objects.vma(vma) : nullPointer(structType('vm_area_struct'));
  };
}

/** `unmap_mapping_range(mapping, begin, length, even_cows)`; a mapping that was found by no file is that of the device's inode. */
function unmapMapping(run: typeof zap.unmap_mapping_range): KernelCall {
  return (context) => {
    const begin = context.ulong(1);
    const length = context.ulong(2);
    if (begin === undefined || length === undefined || numberOf(context.argument(0)) === 0n) return undefined;
    const { objects } = context.environment;
    const mapping =
      objects.pointed(context.argument(0), 'mapping')?.space ?? context.system.files.find(({ name }) => name === deviceFile)?.mapping;
    if (mapping) run(mapping, begin, length, context.number(3) !== 0n);
    return nothing;
  };
}

/** A call of a `struct vm_fault`. */
function vmfPfn(run: typeof insertHuge.vmf_insert_pfn_pmd): KernelCall {
  return (context) => {
    const vmf = context.vmf(0);
    const pfn = context.ulong(1);
    return vmf && pfn !== undefined ? intValue(run(vmf, pfn, context.number(2) !== 0n)) : undefined;
  };
}

const insertPageMkwrite: KernelCall = (context) => {
  const vmf = context.vmf(0);
  const pfn = context.page(1);
  return vmf && pfn !== undefined ? intValue(insertPage.vmf_insert_page_mkwrite(vmf, pfn, context.number(2) !== 0n)) : undefined;
};

/** A call of a `struct vm_area_desc` and numbers. */
function descCall(count: number, run: (desc: VmAreaDesc, ...numbers: bigint[]) => void): KernelCall {
  return (context) => {
    const desc = context.environment.objects.pointed(context.argument(0), 'desc')?.desc;
    const numbers = Array.from({ length: count }, (_, index) => context.ulong(index + 1));
    if (!desc || numbers.some((number) => number === undefined)) return undefined;
    run(desc, ...numbers.map((number) => number ?? 0n));
    return nothing;
  };
}

const vmaSetFile: KernelCall = (context) => {
  const vma = context.vma(0);
  const file = context.environment.objects.pointed(context.argument(1), 'file')?.file;
  if (!vma || !file) return undefined;
  file.references += 1;
  if (vma.vm_file) vma.vm_file.references -= 1;
  assignVmaField(vma, 'vm_file', file);
  return nothing;
};

/** The address space of the task that the driver is asked about: there is one program. */
const currentMm: KernelCall = (context) => context.environment.objects.mm(context.environment.currentMm());

/** A call that maps the page frame, or the physical address, that is its argument `index`. */
function ofMemory(what: 'pfn' | 'address', index: number, call: KernelCall): KernelCall {
  return (context) => {
    const number = context.ulong(index);
    if (number !== undefined) context.environment.knowAddress(what === 'pfn' ? ulong(number << PAGE_SHIFT) : number, context.vma(0));
    return call(context);
  };
}

export const mappingCalls: KernelCallTable = {
  remap_pfn_range: ofMemory(
    'pfn',
    2,
    vmaCall(4, (vma, address = 0n, pfn = 0n, size = 0n, prot = 0n) => remap.remap_pfn_range(vma, address, pfn, size, prot)),
  ),
  io_remap_pfn_range: ofMemory(
    'pfn',
    2,
    vmaCall(4, (vma, address = 0n, pfn = 0n, size = 0n, prot = 0n) => remap.io_remap_pfn_range(vma, address, pfn, size, prot)),
  ),
  vm_iomap_memory: ofMemory(
    'address',
    1,
    vmaCall(2, (vma, start = 0n, length = 0n) => remap.vm_iomap_memory(vma, start, length)),
  ),
  vm_insert_page: pageCall(insertPage.vm_insert_page),
  vmf_insert_page: pageCall(insertPage.vmf_insert_page),
  vm_insert_pages: insertPages,
  vm_map_pages: mapPages(insertPage.vm_map_pages),
  vm_map_pages_zero: mapPages(insertPage.vm_map_pages_zero),
  vmf_insert_pfn: ofMemory(
    'pfn',
    2,
    vmaCall(2, (vma, address = 0n, pfn = 0n) => insertPfn.vmf_insert_pfn(vma, address, pfn)),
  ),
  vmf_insert_pfn_prot: vmaCall(3, (vma, address = 0n, pfn = 0n, prot = 0n) => insertPfn.vmf_insert_pfn_prot(vma, address, pfn, prot)),
  vmf_insert_mixed: vmaCall(2, (vma, address = 0n, pfn = 0n) => insertPfn.vmf_insert_mixed(vma, address, pfn)),
  vmf_insert_mixed_mkwrite: vmaCall(2, (vma, address = 0n, pfn = 0n) => insertPfn.vmf_insert_mixed_mkwrite(vma, address, pfn)),
  vmf_insert_pfn_pmd: vmfPfn(insertHuge.vmf_insert_pfn_pmd),
  vmf_insert_pfn_pud: vmfPfn(insertHuge.vmf_insert_pfn_pud),
  vmf_insert_page_mkwrite: insertPageMkwrite,
  remap_vmalloc_range: remapVmalloc,
  remap_vmalloc_range_partial: remapVmallocPartial,
  dma_mmap_coherent: dmaCall(dma.dma_mmap_coherent),
  dma_mmap_attrs: dmaCall(dma.dma_mmap_coherent),
  dma_mmap_wc: dmaCall(dma.dma_mmap_wc),
  dma_mmap_writecombine: dmaCall(dma.dma_mmap_wc),
  dma_mmap_pages: dmaPages,
  dma_mmap_noncontiguous: dmaNoncontiguous,
  vm_flags_set: flagsCall(1, (vma, caller, flags) => vmFlags.vm_flags_set(vma, flags, caller)),
  vm_flags_clear: flagsCall(1, (vma, caller, flags) => vmFlags.vm_flags_clear(vma, flags, caller)),
  vm_flags_mod: flagsCall(2, (vma, caller, set, clear) => vmFlags.vm_flags_mod(vma, set, clear, caller)),
  vm_flags_init: vmaCall(1, (vma, flags = 0n) => vmFlags.vm_flags_init(vma, flags)),
  vm_flags_reset: flagsCall(1, (vma, caller, flags) => vmFlags.vm_flags_reset(vma, flags, caller)),
  vm_flags_reset_once: vmaCall(1, (vma, flags = 0n) => vmFlags.vm_flags_reset(vma, flags)),
  zap_vma_ptes: vmaCall(2, (vma, address = 0n, size = 0n) => zap.zap_vma_ptes(vma, address, size)),
  zap_special_vma_range: vmaCall(2, (vma, address = 0n, size = 0n) => zap.zap_special_vma_range(vma, address, size)),
  zap_page_range: vmaCall(2, (vma, address = 0n, size = 0n) => zap.zap_page_range_single(vma, address, size)),
  zap_page_range_single: vmaCall(2, (vma, address = 0n, size = 0n) => zap.zap_page_range_single(vma, address, size)),
  zap_vma_range: vmaCall(2, (vma, address = 0n, size = 0n) => zap.zap_page_range_single(vma, address, size)),
  unmap_mapping_range: unmapMapping(zap.unmap_mapping_range),
  unmap_mapping_pages: unmapMapping(zap.unmap_mapping_pages),
  find_vma: find((_, mm, address) => lookup.find_vma(mm, address)),
  vma_lookup: find((_, mm, address) => lookup.vma_lookup(mm, address)),
  find_vma_intersection: find((context, mm, address) => lookup.find_vma_intersection(mm, address, context.ulong(2) ?? address + 1n)),
  vma_set_file: vmaSetFile,
  get_task_mm: currentMm,
  mmap_action_remap: descCall(3, (desc, start = 0n, pfn = 0n, size = 0n) => action.mmap_action_remap(desc, start, pfn, size)),
  mmap_action_remap_full: descCall(1, (desc, pfn = 0n) => action.mmap_action_remap_full(desc, pfn)),
  mmap_action_ioremap: descCall(3, (desc, start = 0n, pfn = 0n, size = 0n) => action.mmap_action_ioremap(desc, start, pfn, size)),
  mmap_action_ioremap_full: descCall(1, (desc, pfn = 0n) => action.mmap_action_ioremap_full(desc, pfn)),
  mmap_action_simple_ioremap: descCall(2, (desc, start = 0n, size = 0n) => action.mmap_action_simple_ioremap(desc, start, size)),
};

/** Questions about a vma that change nothing. */
export const vmaQuestions: KernelCallTable = {
  vma_pages: (context) => {
    const vma = context.vma(0);
    return vma && ulongValue(vma_pages(vma));
  },
  vma_size: (context) => {
    const vma = context.vma(0);
    return vma && ulongValue(vma.vm_end - vma.vm_start);
  },
  is_cow_mapping: (context) => {
    const flags = context.ulong(0);
    return flags === undefined ? undefined : intValue(isCowMapping(flags) ? 1 : 0);
  },
  vma_is_anonymous: (context) => {
    const vma = context.vma(0);
    return vma && intValue(vma.vm_ops ? 0 : 1);
  },
  vma_is_shared_maywrite: (context) => {
    const vma = context.vma(0);
    return vma && intValue((vma.vm_flags & 0x28n) === 0x28n ? 1 : 0);
  },
  range_in_vma: (context) => {
    const vma = context.vma(0);
    const start = context.ulong(1);
    const end = context.ulong(2);
    return vma && start !== undefined && end !== undefined ? intValue(vma.vm_start <= start && vma.vm_end >= end ? 1 : 0) : undefined;
  },
  linear_page_index: (context) => {
    const vma = context.vma(0);
    const address = context.ulong(1);
    return vma && address !== undefined ? ulongValue(vma.vm_pgoff + ((address - vma.vm_start) >> 12n)) : undefined;
  },
};
