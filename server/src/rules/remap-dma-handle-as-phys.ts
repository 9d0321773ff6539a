/** `remap-dma-handle-as-phys`: a bus address is used as a physical one. */
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { mappingBuffer } from './support/fixes/whole-buffer.ts';
import { targetOf } from './support/mapping-calls.ts';
import { cacheTypeOf } from './support/memory/cache-type.ts';
import { callsOnPaths, functionOf, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

const remapping: ReadonlySet<string> = new Set([
  'remap_pfn_range',
  'vmf_insert_pfn',
  'vmf_insert_pfn_prot',
  'vm_insert_pfn',
  'vm_iomap_memory',
  'remap_page_range',
  'io_remap_pfn_range',
  'rdma_user_mmap_io',
]);

export const remapDmaHandleAsPhys: Rule = {
  name: 'remap-dma-handle-as-phys',
  severity: 'error',
  summary: 'The address that a device uses for memory is mapped as if it were the physical one.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => remapping.has(name)),
      (call): Report | undefined => {
        const target = targetOf(call.event, version);
        const handle = target && (handleIn(context.driver, target.pfn) ?? namedHandle(context.driver, call, target.pfn));
        if (!target || handle === undefined) return undefined;
        return reportOn(
          call,
          call.event.argumentSpans[target.index] ?? call.event.nameSpan,
          `\`${handle}\` is a bus address: behind an IOMMU, or on a bus with an offset, the physical memory at that number is somebody else's. Map with dma_mmap_coherent() or dma_mmap_attrs().`,
          { fixes: mappingBuffer(context.driver, functionOf(call.event), call.event.nameSpan) },
        );
      },
    );
  },
};

/** The name of a field that the pfn is made of, and that the driver shows to hold a handle. A dma_addr_t alone may hold a resource. */
function handleIn(driver: Driver, pfn: Term): string | undefined {
  return [...symbolsOf(pfn).values()].find(({ type, control, name }) => {
    const field = /(?:->|\.)(\w+)$/.exec(name)?.[1];
    return type.name === 'dma_addr_t' && control === 'driver' && field !== undefined && holdsHandle(driver, field);
  })?.name;
}

/**
 * The name of a field that another file fills: it is declared and called a DMA address, and mapped with the protection of memory, so
 * that it is none of registers.
 */
function namedHandle(driver: Driver, { path, event }: PathCall, pfn: Term): string | undefined {
  if (cacheTypeOf(path, event, driver.target.version) !== 'cached') return undefined;
  return [...symbolsOf(pfn).values()].find(({ type, control, name }) => {
    const field = /(?:->|\.)(\w+)$/.exec(name)?.[1];
    if (type.name !== 'dma_addr_t' || control !== 'driver' || field === undefined || !/(?:^|_)dma(?:_|$)/.test(field)) return false;
    return driver.sourcesOf(undefined, field).length === 0 && !isTold(driver, field);
  })?.name;
}

/** Calls that write a handle to the place that they are given. */
const givesHandle = /^(?:dmam?_alloc_\w+|dma_zalloc_coherent|pci_z?alloc_consistent|dma_pool_z?alloc)$/;
/** Calls that return one. */
const returnsHandle = /^(?:dma_map_(?:single|page|resource)(?:_attrs)?|pci_map_(?:single|page)|sg_dma_address)$/;
/** Calls after which the core of a subsystem fills a field of its own with one, and the field from which it is taken, when the driver fills that. */
const filledByCore: ReadonlyMap<string, { readonly call: RegExp; readonly struct: string; readonly field: string }> = new Map([
  [
    'dma_addr',
    {
      call: /\bsnd_pcm_(?:set_managed_buffer|set_fixed_buffer|lib_preallocate_pages)(?:_all|_for_all)?\s*\([^;]*SNDRV_DMA_TYPE_DEV/,
      struct: 'snd_dma_buffer',
      field: 'addr',
    },
  ],
]);

/** Whether the driver itself says what the core then fills the field with. */
function isTold(driver: Driver, field: string): boolean {
  const byCore = filledByCore.get(field);
  return byCore !== undefined && driver.sourcesOf(byCore.struct, byCore.field).length > 0;
}

function holdsHandle(driver: Driver, field: string): boolean {
  const byCore = filledByCore.get(field);
  if (byCore && driver.text.mentionsAnywhere(byCore.call)) return !isTold(driver, field);
  const assigned = driver.sourcesOf(undefined, field);
  if (!assigned.every(({ value }) => value.kind === 'number' || (value.kind === 'call' && calls(value, returnsHandle)))) return false;
  return (
    assigned.some(({ value }) => value.kind === 'call') ||
    usesIn(driver, new RegExp(`\\b${field}\\b`)).some(({ expressions }) =>
      expressions.some(
        (each) => each.kind === 'call' && calls(each, givesHandle) && each.arguments.some((place) => isAddressOf(place, field)),
      ),
    )
  );
}

function calls(call: Extract<Expression, { kind: 'call' }>, names: RegExp): boolean {
  return call.callee.kind === 'name' && names.test(call.callee.name);
}

function isAddressOf(argument: Expression, field: string): boolean {
  return argument.kind === 'addressOf' && argument.operand.kind === 'member' && argument.operand.field === field;
}
