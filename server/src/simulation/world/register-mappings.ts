/**
 * The cache types that `ioremap`, `memremap` and their variants reserve for physical memory while the kernel maps it
 * (arch/x86/mm/ioremap.c, kernel/iomem.c). Knows
 * nothing of what the memory holds.
 */
import { ioremap, iounmap } from '../../mm/calls/page-calls.ts';
import type { CacheType } from '../../mm/pgprot.ts';
import { PAGE_SHIFT, pageAlign } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { nothing, numberOf } from './values.ts';

/** Where a call has the physical address; the length in bytes follows. */
interface RegisterMapping {
  readonly address: number;
  readonly type: CacheType;
}

const mappings: Readonly<Record<string, RegisterMapping>> = {
  ioremap: { address: 0, type: 'uncached-minus' },
  ioremap_nocache: { address: 0, type: 'uncached-minus' },
  ioremap_uc: { address: 0, type: 'uncached' },
  ioremap_wc: { address: 0, type: 'write-combining' },
  ioremap_wt: { address: 0, type: 'write-through' },
  ioremap_cache: { address: 0, type: 'write-back' },
  devm_ioremap: { address: 1, type: 'uncached-minus' },
  devm_ioremap_uc: { address: 1, type: 'uncached' },
  devm_ioremap_wc: { address: 1, type: 'write-combining' },
};

const mappingOf = (name: string) => (Object.hasOwn(mappings, name) ? mappings[name] : undefined);

/** The flags of `memremap`, the first that is set first. */
const memremapTypes: readonly (readonly [bigint, CacheType])[] = [
  [1n, 'write-back'],
  [2n, 'write-through'],
  [4n, 'write-combining'],
];

/** Where `memremap` and its variant have the physical address; the length and the flags follow. */
const memremapCalls: Readonly<Record<string, number>> = { memremap: 0, devm_memremap: 1 };

/** `memremap(offset, size, flags)` of what is no RAM; RAM has its place in the kernel's own mapping, and nothing is reserved. */
function memremapType(context: CallContext, address: number): CacheType | undefined {
  const [start, bytes, flags = 0n] = [0, 1, 2].map((index) => context.ulong(address + index));
  if (start === undefined || bytes === undefined) return undefined;
  const first = Number(start >> PAGE_SHIFT);
  if (context.system.memory.isAnyRam(first, first + Number(pageAlign(bytes) >> PAGE_SHIFT))) return undefined;
  return memremapTypes.find(([flag]) => flags & flag)?.[1];
}

/** Reserves the cache type for a mapping of registers; false when the kernel refuses it. True for other calls. */
export function reserved(context: CallContext): boolean {
  const { name } = context.call;
  const memremap = Object.hasOwn(memremapCalls, name) ? memremapCalls[name] : undefined;
  const type = memremap === undefined ? undefined : memremapType(context, memremap);
  const call = memremap !== undefined && type ? { address: memremap, type } : mappingOf(name);
  const address = call && context.ulong(call.address);
  const bytes = call && context.ulong(call.address + 1);
  if (address !== undefined) context.environment.knowAddress(address);
  return address === undefined || bytes === undefined || bytes === 0n || ioremap(context.system, address, bytes, call?.type);
}

/** `iounmap(address)`, `memunmap(address)`: what the call that gave the address reserved is given back. */
const unmap: KernelCall = (context) => {
  const origin = context.place(0)?.object.origin;
  if (origin?.kind !== 'allocated') return nothing;
  const first = Object.hasOwn(memremapCalls, origin.call) ? memremapCalls[origin.call] : mappingOf(origin.call)?.address;
  if (first === undefined) return nothing;
  const address = numberOf(origin.arguments[first]);
  const bytes = numberOf(origin.arguments[first + 1]);
  if (address !== undefined && bytes !== undefined && bytes !== 0n) iounmap(context.system, address, bytes);
  return nothing;
};

export const registerMappingCalls: KernelCallTable = { iounmap: unmap, memunmap: unmap };
