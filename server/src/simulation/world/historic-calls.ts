/**
 * Calls that drivers made up to 2.6.22, routed to what mm has of those kernels, and the pages that 2.4 reserved. Each reads its
 * arguments as the prototype of the simulated version has them.
 */
import { atLeast } from '../../kernel/version.ts';
import { ClearPageReserved, SetPageReserved } from '../../mm/calls/page-calls.ts';
import { install_page, io_remap_page_range, remap_page_range } from '../../mm/index.ts';
import type { Vma } from '../../mm/vma.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { intValue, nothing, ulongValue } from './values.ts';

/**
 * `remap_page_range`: 2.5.3 and later with the vma in front. Before, it works on the program that runs: on the vma whose mmap
 * handler this is, or that holds the address.
 */
function remapPageRange(run: typeof remap_page_range): KernelCall {
  return (context) => {
    const takesVma = atLeast(context.system.version, 2, 5, 3);
    const first = takesVma ? 1 : 0;
    const [from, physical, size, prot] = [0, 1, 2, 3].map((index) => context.ulong(first + index));
    if (from === undefined || physical === undefined || size === undefined || prot === undefined) return undefined;
    const vma = takesVma ? context.vma(0) : vmaOfTask(context, from);
    return vma && intValue(run(vma, from, physical, size, prot));
  };
}

function vmaOfTask(context: CallContext, address: bigint): Vma | undefined {
  const mm = context.environment.currentMm();
  return mm.constructing ?? mm.lookup(address);
}

/** `install_page(mm, vma, addr, page, prot)`. */
const installPage: KernelCall = (context) => {
  const vma = context.vma(1);
  const address = context.ulong(2);
  const page = context.page(3);
  const prot = context.ulong(4);
  if (!vma || address === undefined || page === undefined || prot === undefined) return undefined;
  return intValue(install_page(vma, address, page, prot));
};

/** `mem_map_reserve(page)`; with the number of the page, as in 2.2, too. */
function reserve(change: typeof SetPageReserved): KernelCall {
  return (context) => {
    const pfn = context.page(0) ?? context.ulong(0);
    if (pfn === undefined) return undefined;
    change(context.system, pfn);
    return nothing;
  };
}

/** `MAP_NR(addr)`: the number of the page that holds a kernel address. */
const mapNr: KernelCall = (context) => {
  const place = context.place(0);
  const pfn = place && context.environment.memory.pfnOf(place);
  return pfn === undefined ? undefined : ulongValue(pfn);
};

export const historicCalls: KernelCallTable = {
  remap_page_range: remapPageRange(remap_page_range),
  io_remap_page_range: remapPageRange(io_remap_page_range),
  install_page: installPage,
  mem_map_reserve: reserve(SetPageReserved),
  mem_map_unreserve: reserve(ClearPageReserved),
  MAP_NR: mapNr,
};
