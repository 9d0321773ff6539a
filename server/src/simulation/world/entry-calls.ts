/**
 * Calls that make, look at or walk page table entries one by one, and those that map and unmap in the address space of the
 * running program, routed to the mm model under their kernel names. Nothing here knows what a call does.
 */
import type { CType } from '../../execution/ctype.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import { vmf_insert_pfn_pud } from '../../mm/calls/insert-huge.ts';
import * as insert from '../../mm/calls/insert-pfn.ts';
import { follow_pfnmap, generic_access_phys } from '../../mm/calls/lookup.ts';
import * as raw from '../../mm/calls/raw-pte.ts';
import { vm_brk, vm_mmap, vm_munmap } from '../../mm/calls/vm-mmap.ts';
import type { Mm } from '../../mm/mm.ts';
import type { Vma } from '../../mm/vma.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { integer, intValue, nothing, numberOf, placeOf, pointerTo, ulongValue } from './values.ts';

const pteType = { kind: 'integer', bits: 64, signed: false, name: 'pte_t' } as const satisfies CType;

/** Which entry a `pte_t *` of the driver leads to. */
interface EntryPlace {
  readonly mm: Mm;
  readonly address: bigint;
}

const entries = new WeakMap<MemoryObject, EntryPlace>();

/** A `pte_t *` for the entry at an address. */
function entryPointer(context: CallContext, mm: Mm, address: bigint): Value {
  const object = context.machine.allocate('pte', pteType, { kind: 'kernel', what: 'pte' });
  entries.set(object, { mm, address });
  object.cells.set('', integer(pteType, raw.ptep_get(mm, address)));
  return pointerTo(object);
}

/** A call of a vma, an address, a pfn and maybe a protection, with an error number or fault bits. */
function ofVma(run: (vma: Vma, address: bigint, pfn: bigint, prot: bigint) => number): KernelCall {
  return (context) => {
    const vma = context.vma(0);
    const address = context.ulong(1);
    const pfn = context.ulong(2);
    if (!vma || address === undefined || pfn === undefined) return undefined;
    return intValue(run(vma, address, pfn, context.ulong(3) ?? 0n));
  };
}

/** A number computed from numbers. */
function computed(count: number, run: (first: bigint, second: bigint) => bigint): KernelCall {
  return (context) => {
    const [first, second = 0n] = Array.from({ length: count }, (_, index) => context.ulong(index));
    return first === undefined ? undefined : ulongValue(run(first, second));
  };
}

function mmOf(context: CallContext, index: number): Mm | undefined {
  return context.environment.objects.pointed(context.argument(index), 'mm')?.mm;
}

/** `set_pte_at(mm, addr, ptep, pte)`. */
const setPteAt: KernelCall = (context) => {
  const mm = mmOf(context, 0);
  const address = context.ulong(1);
  const pte = context.ulong(3);
  if (!mm || address === undefined || pte === undefined) return undefined;
  raw.set_pte_at(mm, address, pte);
  return nothing;
};

/** `set_pte(ptep, pte)`. */
const setPte: KernelCall = (context) => {
  const place = placeOf(context.argument(0));
  const entry = place && entries.get(place.object);
  const pte = context.ulong(1);
  if (!entry || pte === undefined) return undefined;
  raw.set_pte_at(entry.mm, entry.address, pte);
  return nothing;
};

/** `get_locked_pte(mm, addr, &ptl)`. */
const lockedPte: KernelCall = (context) => {
  const mm = mmOf(context, 0);
  const address = context.ulong(1);
  return mm && address !== undefined ? entryPointer(context, mm, address) : undefined;
};

const ptepGet: KernelCall = (context) => {
  const place = placeOf(context.argument(0));
  const entry = place && entries.get(place.object);
  return entry && integer(pteType, raw.ptep_get(entry.mm, entry.address));
};

/** `apply_to_page_range(mm, addr, size, fn, data)`: `fn(pte, addr, data)`. */
function applied(existing: boolean): KernelCall {
  return (context) => {
    const mm = mmOf(context, 0);
    const address = context.ulong(1);
    const size = context.ulong(2);
    const callback = context.argument(3);
    const data = context.argument(4) ?? nothing;
    if (!mm || address === undefined || size === undefined || callback?.kind !== 'function') return undefined;
    const call = (at: bigint) => {
      const result = context.run(callback.name, [entryPointer(context, mm, at), ulongValue(at), data]);
      return Number(BigInt.asIntN(32, numberOf(result) ?? 0n));
    };
    return intValue(raw.apply_to_page_range(mm, address, size, call, existing));
  };
}

/** `follow_pfn(vma, addr, &pfn)`. */
const followPfn: KernelCall = (context) => {
  const vma = context.vma(0);
  const address = context.ulong(1);
  const place = placeOf(context.argument(2));
  if (!vma || address === undefined || !place) return undefined;
  const found = follow_pfnmap(vma, address);
  if ('error' in found) return intValue(found.error);
  context.machine.write(place, ulongValue(found.pfn), context.call.span);
  return intValue(0);
};

function fieldOf(place: Place, name: string): Place {
  return { object: place.object, path: [...place.path, { kind: 'field', name }] };
}

/** `follow_pfnmap_start(args)`: the vma and the address are in the struct, and what is found goes there. */
const followPfnmap: KernelCall = (context) => {
  const args = placeOf(context.argument(0));
  if (!args) return undefined;
  const { machine, environment, call } = context;
  const vma = environment.objects.pointed(
    machine.read(fieldOf(args, 'vma'), { kind: 'pointer', to: structType('vm_area_struct') }),
    'vma',
  )?.vma;
  const address = numberOf(machine.read(fieldOf(args, 'address'), pteType));
  if (!vma || address === undefined) return undefined;
  const found = follow_pfnmap(vma, address);
  if ('error' in found) return intValue(found.error);
  machine.write(fieldOf(args, 'pfn'), ulongValue(found.pfn), call.span);
  machine.write(fieldOf(args, 'pgprot'), ulongValue(found.prot), call.span);
  machine.write(fieldOf(args, 'writable'), intValue(found.writable ? 1 : 0), call.span);
  machine.write(fieldOf(args, 'special'), intValue(found.special ? 1 : 0), call.span);
  return intValue(0);
};

/** `generic_access_phys(vma, addr, buf, len, write)` called by the driver's own access function. */
const accessPhys: KernelCall = (context) => {
  const vma = context.vma(0);
  const address = context.ulong(1);
  const length = context.number(3);
  if (!vma || address === undefined || length === undefined) return undefined;
  const place = placeOf(context.argument(2));
  const bytes = (place && context.environment.memory.readBytes(place, Number(length))) ?? new Uint8Array(Number(length));
  const write = (context.number(4) ?? 0n) !== 0n;
  const done = generic_access_phys(vma, address, bytes, write);
  if (place && !write && done > 0) context.environment.memory.writeBytes(place, bytes);
  return intValue(done);
};

/** `vm_mmap(file, addr, len, prot, flag, offset)`. */
const mmapCall: KernelCall = (context) => {
  const [address, length, prot, flags, offset] = [1, 2, 3, 4, 5].map((index) => context.ulong(index));
  if (address === undefined || length === undefined || prot === undefined || flags === undefined || offset === undefined) return undefined;
  const file = context.environment.objects.pointed(context.argument(0), 'file')?.file;
  const mm = context.environment.currentMm();
  return ulongValue(
    BigInt.asUintN(64, vm_mmap(mm, { ...(file ? { file } : {}), address, length, prot: Number(prot), flags: Number(flags), offset })),
  );
};

/** A call of an address and a length in the program's address space; `first` is the address. */
function ofProgram(first: number, run: (mm: Mm, address: bigint, length: bigint) => number): KernelCall {
  return (context) => {
    const address = context.ulong(first);
    const length = context.ulong(first + 1);
    return address === undefined || length === undefined ? undefined : intValue(run(context.environment.currentMm(), address, length));
  };
}

export const entryCalls: KernelCallTable = {
  vm_insert_pfn: ofVma(insert.vm_insert_pfn),
  vm_insert_pfn_prot: ofVma((vma, address, pfn, prot) => insert.vm_insert_pfn_prot(vma, address, pfn, prot)),
  vm_insert_mixed: ofVma((vma, address, pfn) => insert.vm_insert_mixed(vma, address, pfn)),
  vmf_insert_mixed_prot: ofVma((vma, address, pfn, prot) => insert.vmf_insert_mixed_prot(vma, address, pfn, prot)),
  vmf_insert_pfn_pud: (context) => {
    const vmf = context.vmf(0);
    const pfn = context.ulong(1);
    return vmf && pfn !== undefined ? intValue(vmf_insert_pfn_pud(vmf, pfn, context.number(2) !== 0n)) : undefined;
  },
  pfn_pte: computed(2, raw.pfn_pte),
  mk_pte: (context) => {
    const pfn = context.page(0);
    const prot = context.ulong(1);
    return pfn === undefined || prot === undefined ? undefined : ulongValue(raw.pfn_pte(pfn, prot));
  },
  pte_mkspecial: computed(1, raw.pte_mkspecial),
  pte_mkwrite: computed(1, raw.pte_mkwrite),
  pte_mkwrite_novma: computed(1, raw.pte_mkwrite),
  pte_mkdirty: computed(1, raw.pte_mkdirty),
  pte_mkyoung: computed(1, (pte) => pte),
  pte_pfn: computed(1, raw.pte_pfn),
  pte_val: computed(1, (pte) => pte),
  __pte: computed(1, (pte) => pte),
  pte_none: computed(1, (pte) => (pte === 0n ? 1n : 0n)),
  pte_present: computed(1, (pte) => (pte === 0n ? 0n : 1n)),
  set_pte_at: setPteAt,
  set_pte: setPte,
  get_locked_pte: lockedPte,
  pte_unmap_unlock: () => nothing,
  ptep_get: ptepGet,
  apply_to_page_range: applied(false),
  apply_to_existing_page_range: applied(true),
  follow_pfn: followPfn,
  follow_pfnmap_start: followPfnmap,
  follow_pfnmap_end: () => nothing,
  generic_access_phys: accessPhys,
  vm_mmap: mmapCall,
  vm_munmap: ofProgram(0, vm_munmap),
  do_munmap: ofProgram(1, vm_munmap),
  vm_brk: ofProgram(0, vm_brk),
  vma_start_write: () => nothing,
  vma_assert_write_locked: () => nothing,
};
