/**
 * Copies inside the kernel where one side has pages: `memcpy` and its relatives move bytes, so that a mapping of the pages shows them.
 * Other copies are the business of services/memory.ts.
 */
import { unknownType, voidType } from '../../execution/ctype.ts';
import { copyMemory } from '../../execution/memory.ts';
import { constantOf } from '../../execution/term.ts';
import type { Place, Value } from '../../execution/value.ts';
import { PAGE_BYTES } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { bytesAt, putBytes } from './text-bytes.ts';
import { nothing, nullPointer } from './values.ts';

/** Larger copies are not followed. Bytes. */
const largestCopy = 0x40_0000n;

/** `memcpy(to, from, length)`. A struct that has no pages is copied by value elsewhere. */
const copy: KernelCall = (context) => {
  const to = context.place(0);
  const from = context.place(1);
  const length = context.ulong(2);
  if (!to || !from || length === undefined) return undefined;
  const outside = outsideOf(context, 0, length) ?? outsideOf(context, 1, length);
  if (outside !== undefined) return context.machine.stop({ kind: 'fault', message: outside });
  if (length > largestCopy) return undefined;
  const { memory } = context.environment;
  const isBytes = from.object.text !== undefined || memory.allocationOf(to.object) || memory.allocationOf(from.object);
  if (!isBytes) return copyObject(context, to, from, Number(length));
  const bytes = bytesAt(memory, from, Number(length));
  if (!bytes) return undefined;
  putBytes(memory, to, bytes);
  return context.argument(0);
};

/** A sentence for a copy that leaves memory of a size that the driver has asked for itself; a struct may be smaller here than it is. */
function outsideOf(context: CallContext, index: 0 | 1, length: bigint): string | undefined {
  const pointer = context.argument(index);
  if (pointer?.kind !== 'pointer' || pointer.pointee.kind === 'struct') return undefined;
  const { origin, name, type } = pointer.place.object;
  const size = origin.kind === 'allocated' && origin.size && type.kind !== 'struct' ? constantOf(origin.size) : undefined;
  const offset = context.environment.memory.offsetOf(pointer.place);
  if (size === undefined || offset === undefined || BigInt(offset) + length <= size) return undefined;
  const what = index === 0 ? 'writes' : 'reads';
  return `${context.call.name} ${what} ${length} bytes at offset ${offset} of \`${name}\`, which has ${size}: what lies behind it is not the driver's.`;
}

/** Between objects of C alone, such as arrays of pointers; a struct is copied by value elsewhere. */
function copyObject({ call }: CallContext, to: Place, from: Place, length: number): Value | undefined {
  const isStruct = call.arguments[1]?.kind === 'pointer' && call.arguments[1].pointee.kind === 'struct';
  if (isStruct || to.object === from.object) return undefined;
  copyMemory(to, from, length);
  return call.arguments[0];
}

/** Puts bytes at a place that has pages; `undefined`, for somebody else to answer, where there is none. */
function put({ environment: { memory } }: CallContext, to: Place | undefined, bytes: Uint8Array | undefined): Value | undefined {
  if (!to || !bytes) return undefined;
  putBytes(memory, to, bytes);
  return nothing;
}

/** The first byte of the struct page that an argument is (`kmap_local_page`). */
function startOfPage(context: CallContext, index: number): Place | undefined {
  const pfn = context.page(index);
  return pfn === undefined ? undefined : context.environment.memory.placeOfPage(pfn);
}

/** `copy_page(to, from)` by addresses, `copy_highpage(to, from)` by struct pages. */
function copyPage(placeOf: (context: CallContext, index: number) => Place | undefined): KernelCall {
  return (context) => {
    const from = placeOf(context, 1);
    return put(context, placeOf(context, 0), from && bytesAt(context.environment.memory, from, PAGE_BYTES));
  };
}

/** `clear_page(address)`, `clear_highpage(page)`. */
function clearPage(placeOf: (context: CallContext, index: number) => Place | undefined): KernelCall {
  return (context) => put(context, placeOf(context, 0), new Uint8Array(PAGE_BYTES));
}

/** `kmemdup(from, length, gfp)` and its relatives: memory of the length with what lies at `from`, the argument with that index. */
function duplicate(allocator: 'kmalloc' | 'devm_kmalloc' | 'kvmalloc', from = 0): KernelCall {
  return ({ call, machine, environment }) => {
    const [source, length, gfp] = call.arguments.slice(from);
    if (!source || !length || !gfp) return undefined;
    const given = [...call.arguments.slice(0, from), length, gfp];
    const made = environment.call(machine, { ...call, name: allocator, arguments: given, types: given.map(() => unknownType) });
    if (made.kind === 'pointer') {
      const copied = [made, source, length];
      environment.call(machine, { ...call, name: 'memcpy', arguments: copied, types: copied.map(() => unknownType) });
    }
    return made;
  };
}

/** `first_other_byte(memory, byte, length)`: where something else than the byte lies first, or NULL; `memchr_inv` of more than a few bytes. */
const firstOther: KernelCall = (context) => {
  const from = context.place(0);
  const length = context.ulong(2);
  if (!from || length === undefined || length > largestCopy) return undefined;
  const bytes = bytesAt(context.environment.memory, from, Number(length));
  const byte = Number((context.ulong(1) ?? 0n) & 0xffn);
  const at = bytes?.findIndex((each) => each !== byte);
  if (at === undefined) return undefined;
  if (at < 0) return nullPointer();
  const path = [...from.path, { kind: 'element', index: { kind: 'constant', value: BigInt(at) }, unit: 1 } as const];
  return { kind: 'pointer', place: { object: from.object, path }, pointee: voidType };
};

const byAddress = (context: CallContext, index: number) => context.place(index);

export const memoryCopyCalls: KernelCallTable = {
  memcpy: copy,
  memmove: copy,
  kmemdup: duplicate('kmalloc'),
  kmemdup_noprof: duplicate('kmalloc'),
  kvmemdup: duplicate('kvmalloc'),
  devm_kmemdup: duplicate('devm_kmalloc', 1),
  memcpy_fromio: copy,
  memcpy_toio: copy,
  first_other_byte: firstOther,
  copy_page: copyPage(byAddress),
  copy_highpage: copyPage(startOfPage),
  clear_page: clearPage(byAddress),
  clear_highpage: clearPage(startOfPage),
};
