/** Calls by which a driver finds the windows of its device: all lead to windows of assumed device memory. */

import { unsignedInt } from '../../execution/ctype.ts';
import { ioremap, iounmap } from '../../mm/calls/page-calls.ts';
import { errno } from '../../mm/errno.ts';
import type { CacheType } from '../../mm/pgprot.ts';
import { ownAddress } from '../../mm/physical/own-address.ts';
import { hex, PAGE_SIZE } from '../../mm/units.ts';
import { physicalStart } from '../state/choices.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { integer, intValue, nothing, nullPointer, numberOf, pointerTo, ulongValue } from './values.ts';

const BAR = 'PCI BAR';

/** A PCI base address register: one window for each index. */
function bar(context: CallContext) {
  return context.environment.deviceRegion(`${BAR} ${context.ulong(1) ?? 0n}`, 'a window of the device');
}

/** A `struct resource *` for a window. */
function resource(name: (context: CallContext) => string): KernelCall {
  return (context) => {
    const region = context.environment.deviceRegion(name(context), 'a window of the device');
    return context.environment.objects.resource(name(context), physicalStart(region), region.bytes);
  };
}

/** `request_mem_region(start, bytes, name)`, with the index of `start`. */
function memoryRegion(first: number): KernelCall {
  const assumed = resource(() => 'memory region');
  return (context) => {
    const start = context.ulong(first);
    const bytes = context.ulong(first + 1);
    if (start === undefined || bytes === undefined || start < PAGE_SIZE || bytes === 0n || bytes > largestRegion) return assumed(context);
    ownAddress(context.system, start, bytes);
    return context.environment.objects.resource(`memory at ${hex(start)}`, start, bytes);
  };
}

/** Sizes beyond this were computed from what is not known. Bytes. */
const largestRegion = 1n << 40n;

/** Registers mapped into the kernel: an address of their own. */
const registers: KernelCall = (context) => {
  const type = context.call.expected.kind === 'pointer' ? context.call.expected.to : ({ kind: 'void' } as const);
  const object = context.machine.allocate(context.label(), type, context.origin(0x1_0000n, false));
  context.environment.memory.plan(object, 'device', 0x1_0000n);
  return pointerTo(object);
};

/** Calls that map a PCI base address register, with the cache type; those with `hasLength` map at most so much, 0 for all of it. */
const barMappings: Readonly<Record<string, { readonly type: CacheType; readonly hasLength: boolean }>> = {
  pci_iomap: { type: 'uncached-minus', hasLength: true },
  pci_iomap_wc: { type: 'write-combining', hasLength: true },
  pcim_iomap: { type: 'uncached-minus', hasLength: true },
  pcim_iomap_region: { type: 'uncached-minus', hasLength: false },
  pci_ioremap_bar: { type: 'uncached-minus', hasLength: false },
  pci_ioremap_wc_bar: { type: 'write-combining', hasLength: false },
};

/** `pci_iomap(pdev, bar, maxlen)` and its relatives: user mappings have to fit to the cache type from now on. */
const mapBar: KernelCall = (context) => {
  const row = barMappings[context.call.name];
  if (!row) return undefined;
  const region = bar(context);
  const wanted = (row.hasLength ? context.ulong(2) : undefined) ?? 0n;
  const bytes = wanted === 0n || wanted > region.bytes ? region.bytes : wanted;
  return ioremap(context.system, physicalStart(region), bytes, row.type) ? registers(context) : nullPointer();
};

/** `pci_iounmap(pdev, address)`. */
const unmapBar: KernelCall = (context) => {
  const origin = context.place(1)?.object.origin;
  const row = origin?.kind === 'allocated' ? barMappings[origin.call] : undefined;
  if (origin?.kind !== 'allocated' || !row) return nothing;
  const region = context.environment.deviceRegion(`${BAR} ${numberOf(origin.arguments[1]) ?? 0n}`, 'a window of the device');
  const wanted = (row.hasLength ? numberOf(origin.arguments[2]) : undefined) ?? 0n;
  iounmap(context.system, physicalStart(region), wanted === 0n || wanted > region.bytes ? region.bytes : wanted);
  return nothing;
};

/** `pcim_iomap_regions(pdev, mask, name)`: maps each base address register of the mask. */
const mapBars: KernelCall = (context) => {
  const mask = context.ulong(1) ?? 0n;
  for (let index = 0n; index < 6n; index += 1n) {
    if ((mask & (1n << index)) === 0n) continue;
    const region = context.environment.deviceRegion(`${BAR} ${index}`, 'a window of the device');
    if (!ioremap(context.system, physicalStart(region), region.bytes)) return intValue(-errno.ENOMEM);
  }
  return intValue(0);
};

/** `devm_platform_get_and_ioremap_resource(pdev, index, &res)` also stores the resource. */
const registersAndResource: KernelCall = (context) => {
  const place = context.place(2);
  const name = `memory resource ${context.ulong(1) ?? 0n}`;
  const region = context.environment.deviceRegion(name, 'a window of the device');
  if (place)
    context.machine.write(place, context.environment.objects.resource(name, physicalStart(region), region.bytes), context.call.span);
  return registers(context);
};

/** Registers of the device: what they hold is up to the device; 0. */
const readRegister: KernelCall = () => integer(unsignedInt, 0n);

export const resourceCalls: KernelCallTable = {
  pci_resource_start: (context) => context.result(physicalStart(bar(context))),
  pci_resource_end: (context) => context.result(physicalStart(bar(context)) + bar(context).bytes - 1n),
  pci_resource_len: (context) => context.result(bar(context).bytes),
  // IORESOURCE_MEM
  pci_resource_flags: () => ulongValue(0x200n),
  platform_get_resource: resource((context) => `memory resource ${context.ulong(2) ?? 0n}`),
  platform_get_resource_byname: resource(() => 'memory resource'),
  platform_get_mem_or_io: resource((context) => `memory resource ${context.ulong(1) ?? 0n}`),
  request_mem_region: memoryRegion(0),
  request_mem_region_exclusive: memoryRegion(0),
  devm_request_mem_region: memoryRegion(1),
  of_address_to_resource: () => intValue(0),
  devm_platform_ioremap_resource: registers,
  devm_platform_ioremap_resource_byname: registers,
  devm_platform_get_and_ioremap_resource: registersAndResource,
  devm_ioremap_resource: registers,
  of_iomap: registers,
  ...Object.fromEntries(Object.keys(barMappings).map((name) => [name, mapBar])),
  pci_iounmap: unmapBar,
  pcim_iounmap: unmapBar,
  pcim_iomap_regions: mapBars,
  ioread32be: readRegister,
};
