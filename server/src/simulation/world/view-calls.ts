/**
 * Kernel addresses for memory that others have as well: `vmap` of single pages, and registers or memory that the driver maps for itself. RAM
 * that was set aside at boot holds what was written to it; the registers of a device answer 0, as nobody knows better.
 */
import type { IntegerType } from '../../execution/ctype.ts';
import type { Value } from '../../execution/value.ts';
import { kernelConstant } from '../../kernel/constants.ts';
import type { PfnRun } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import { offsetInPage, PAGE_BYTES, PAGE_SHIFT, pageAlign } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { listedPages } from './user-page-calls.ts';
import { integer, nothing, pointerTo } from './values.ts';

/** Where the calls that map physical memory into the kernel have the address; the length follows. */
const physicalCalls: Readonly<Record<string, number>> = {
  ioremap: 0,
  ioremap_nocache: 0,
  ioremap_uc: 0,
  ioremap_wc: 0,
  ioremap_wt: 0,
  ioremap_cache: 0,
  memremap: 0,
  devm_ioremap: 1,
  devm_ioremap_uc: 1,
  devm_ioremap_wc: 1,
  devm_memremap: 1,
};

/** More memory than this is not mapped page by page. */
const mostPages = 4096n;

/** Whether a page is RAM that was set aside, with or without a struct page. */
function isSetAside({ memory }: System, pfn: number): boolean {
  const kind = memory.regions.get(pfn);
  return kind === 'reserved' || kind === 'hidden';
}

/** Lets the memory that the call gives be the physical memory that it was asked for, where that holds what was written to it. */
export function seePhysical(context: CallContext, result: Value): void {
  const { name } = context.call;
  const index = Object.hasOwn(physicalCalls, name) ? physicalCalls[name] : undefined;
  const address = index === undefined ? undefined : context.ulong(index);
  const bytes = index === undefined ? undefined : context.ulong(index + 1);
  if (address === undefined || bytes === undefined || bytes === 0n || result.kind !== 'pointer') return;
  const offset = offsetInPage(address);
  const pages = pageAlign(bytes + BigInt(offset)) >> PAGE_SHIFT;
  const pfn = Number(address >> PAGE_SHIFT);
  if (pages > mostPages || !isSetAside(context.system, pfn)) return;
  context.environment.memory.view(result.place.object, [{ index: 0, pfn, pages: Number(pages) }], bytes, { offset });
}

/** `vmap(pages, count, flags, prot)`, `vm_map_ram(pages, count, node)`: the pages one behind the other. */
const vmap: KernelCall = (context) => {
  const count = context.ulong(1);
  if (count === undefined || count === 0n || count > mostPages) return undefined;
  const pfns = listedPages(context, 0, count);
  if (pfns.length !== Number(count)) return undefined;
  const bytes = count * BigInt(PAGE_BYTES);
  const type = context.call.expected.kind === 'pointer' ? context.call.expected.to : ({ kind: 'void' } as const);
  const object = context.machine.allocate(context.label(), type, context.origin(bytes, false));
  const runs = pfns.map((pfn, index): PfnRun => ({ index, pfn: Number(pfn), pages: 1 }));
  const userMap = kernelConstant('VM_USERMAP', context.system.version)?.value ?? 0n;
  const flags = context.call.name === 'vmap' ? (context.ulong(2) ?? 0n) : 0n;
  context.environment.memory.view(object, runs, bytes, { user: (flags & userMap) !== 0n });
  return pointerTo(object);
};

const unsigned = (bits: IntegerType['bits']): IntegerType => ({ kind: 'integer', bits, signed: false });

/** `readl(address)`. */
function read(bits: IntegerType['bits']): KernelCall {
  return (context) => {
    const place = context.place(0);
    const { memory } = context.environment;
    const held = place && memory.isView(place.object) ? memory.load(place, unsigned(bits)) : undefined;
    return held ?? integer(unsigned(bits), 0n);
  };
}

/** `writel(value, address)`. */
function write(bits: IntegerType['bits']): KernelCall {
  return (context) => {
    const place = context.place(1);
    const value = context.ulong(0);
    const { memory } = context.environment;
    if (place && value !== undefined && memory.isView(place.object)) memory.stored(place, integer(unsigned(bits), value));
    return nothing;
  };
}

const registerCalls = (bits: IntegerType['bits'], letter: string): KernelCallTable => ({
  [`read${letter}`]: read(bits),
  [`read${letter}_relaxed`]: read(bits),
  [`__raw_read${letter}`]: read(bits),
  [`ioread${bits}`]: read(bits),
  [`write${letter}`]: write(bits),
  [`write${letter}_relaxed`]: write(bits),
  [`__raw_write${letter}`]: write(bits),
  [`iowrite${bits}`]: write(bits),
});

export const viewCalls: KernelCallTable = {
  vmap,
  vm_map_ram: vmap,
  ...registerCalls(8, 'b'),
  ...registerCalls(16, 'w'),
  ...registerCalls(32, 'l'),
  ...registerCalls(64, 'q'),
};
