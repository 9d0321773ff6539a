/**
 * The fields of kernel objects that C code reads and writes, wired to mm's records: `vma->vm_flags`, `vmf->page`,
 * `file->private_data`, … A field that is not in these tables is unknown and left to the assumptions.
 */
import { int, unsignedInt } from '../../execution/ctype.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { AddressSpace, MmFile } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';
import { referenceCount } from '../../mm/physical/counts.ts';
import type { System } from '../../mm/system.ts';
import type { VmAreaDesc } from '../../mm/vm-area-desc.ts';
import type { VmFault } from '../../mm/vm-ops.ts';
import { assignVmaField, type Vma } from '../../mm/vma.ts';
import type { RegisteredDevice } from '../life/registered.ts';
import { deviceFile, fieldPath, type KernelObjects, type KernelRecord } from './objects.ts';
import type { OpsTables } from './ops-tables.ts';
import { integer, intValue, nullPointer, numberOf, ulongValue } from './values.ts';

/** What the fields need of the world around them. */
export interface FieldContext {
  readonly objects: KernelObjects;
  readonly tables: OpsTables;
  readonly system: System;
  /** The device that the scenario opens, where the driver has registered it. */
  opened(): RegisteredDevice | undefined;
}

interface Field<Of> {
  readonly get: (record: Of, context: FieldContext) => Value | undefined;
  readonly set?: (record: Of, value: Value, context: FieldContext) => void;
}

type FieldTable<Of> = Readonly<Record<string, Field<Of>>>;

const asValue = (stored: unknown): Value => (stored as Value | undefined) ?? nullPointer();

function vmaNumber(name: 'vm_start' | 'vm_end' | 'vm_pgoff' | 'vm_flags' | 'vm_page_prot'): Field<Vma> {
  return {
    get: (vma) => ulongValue(vma[name]),
    set: (vma, value) => {
      const number = numberOf(value);
      if (number !== undefined && number !== vma[name]) assignVmaField(vma, name, BigInt.asUintN(64, number));
    },
  };
}

const vmaFields: FieldTable<Vma> = {
  vm_start: vmaNumber('vm_start'),
  vm_end: vmaNumber('vm_end'),
  vm_pgoff: vmaNumber('vm_pgoff'),
  vm_flags: vmaNumber('vm_flags'),
  __vm_flags: vmaNumber('vm_flags'),
  vm_page_prot: vmaNumber('vm_page_prot'),
  'vm_page_prot.pgprot': vmaNumber('vm_page_prot'),
  vm_mm: { get: (vma, { objects }) => objects.mm(vma.vm_mm) },
  vm_private_data: {
    get: (vma) => asValue(vma.vm_private_data),
    set: (vma, value) => assignVmaField(vma, 'vm_private_data', value),
  },
  vm_file: {
    get: (vma, { objects }) => (vma.vm_file ? objects.file(vma.vm_file) : nullPointer()),
    set: (vma, value, { objects }) => assignVmaField(vma, 'vm_file', objects.pointed(value, 'file')?.file),
  },
  vm_ops: {
    get: (vma, { tables }) => tables.pointerTo(vma.vm_ops),
    set: (vma, value, { tables }) => assignVmaField(vma, 'vm_ops', tables.opsAt(value)),
  },
};

const vmfFields: FieldTable<VmFault> = {
  vma: { get: (vmf, { objects }) => objects.vma(vmf.vma) },
  flags: { get: (vmf) => integer(unsignedInt, BigInt(vmf.flags)) },
  pgoff: { get: (vmf) => ulongValue(vmf.pgoff) },
  address: { get: (vmf) => ulongValue(vmf.address) },
  real_address: { get: (vmf) => ulongValue(vmf.real_address) },
  virtual_address: { get: (vmf) => ulongValue(vmf.address) },
  page: {
    get: (vmf, { objects }) => (vmf.page === undefined ? nullPointer() : objects.page(vmf.page)),
    set: (vmf, value, { objects }) => {
      vmf.page = pfnOfPage(value, objects);
    },
  },
  cow_page: { get: (vmf, { objects }) => (vmf.cow_page === undefined ? nullPointer() : objects.page(vmf.cow_page)) },
};

const loff = { kind: 'integer', bits: 64, signed: true, name: 'loff_t' } as const;

const fileFields: FieldTable<MmFile> = {
  private_data: {
    get: (file) => file.private_data as Value | undefined,
    set: (file, value) => {
      file.private_data = value;
    },
  },
  f_mode: { get: (file) => integer(unsignedInt, (file.mode.read ? 1n : 0n) | (file.mode.write ? 2n : 0n)) },
  f_flags: {
    get: (file) => integer(unsignedInt, (file.mode.read && file.mode.write ? 2n : file.mode.write ? 1n : 0n) | BigInt(file.flags)),
  },
  f_pos: {
    get: (file) => integer(loff, file.position),
    set: (file, value) => {
      file.position = numberOf(value) ?? file.position;
    },
  },
  f_inode: { get: (_, { objects }) => objects.single('inode') },
  f_mapping: { get: (file, { objects }) => objects.mapping(file.mapping) },
  'f_path.dentry': { get: (_, { objects }) => objects.single('dentry') },
  f_dentry: { get: (_, { objects }) => objects.single('dentry') },
};

const descFields: FieldTable<VmAreaDesc> = {
  mm: { get: (desc, { objects }) => objects.mm(desc.mm) },
  start: { get: (desc) => ulongValue(desc.start) },
  end: { get: (desc) => ulongValue(desc.end) },
  file: { get: (desc, { objects }) => objects.file(desc.file) },
  pgoff: descNumber('pgoff'),
  vm_flags: descNumber('vm_flags'),
  page_prot: descNumber('page_prot'),
  vm_file: {
    get: (desc, { objects }) => objects.file(desc.vm_file),
    set: (desc, value, { objects }) => {
      const file = objects.pointed(value, 'file')?.file;
      if (file) desc.vm_file = file;
    },
  },
  vm_ops: {
    get: (desc, { tables }) => tables.pointerTo(desc.vm_ops),
    set: (desc, value, { tables }) => {
      desc.vm_ops = tables.opsAt(value);
    },
  },
  private_data: {
    get: (desc) => asValue(desc.private_data),
    set: (desc, value) => {
      desc.private_data = value;
    },
  },
};

function descNumber(name: 'pgoff' | 'vm_flags' | 'page_prot'): Field<VmAreaDesc> {
  return {
    get: (desc) => ulongValue(desc[name]),
    set: (desc, value) => {
      desc[name] = numberOf(value) ?? desc[name];
    },
  };
}

const mmFields: FieldTable<Mm> = {};

const inodeFields: FieldTable<undefined> = {
  i_rdev: { get: (_, { opened }) => integer(unsignedInt, opened()?.number ?? 0n) },
  i_cdev: { get: (_, { opened }) => (opened()?.kind === 'cdev' ? opened()?.object : undefined) },
  i_private: { get: (_, { opened }) => opened()?.data },
  i_mapping: { get: (_, { objects }) => objects.single('mapping') },
  // A device node has no size.
  i_size: { get: () => integer(loff, 0n) },
  i_mode: { get: () => integer(unsignedInt, 0o20666n) },
};
const dentryFields: FieldTable<undefined> = { d_inode: { get: (_, { objects }) => objects.single('inode') } };
const mappingFields: FieldTable<AddressSpace | undefined> = {
  host: { get: (_, { objects }) => objects.single('inode') },
  a_ops: {
    get: () => undefined,
    set: (space, value, { system }) => {
      const changed = space ?? deviceSpace(system);
      if (changed) changed.ownOps = numberOf(value) !== 0n;
    },
  },
};

/** What was written is read back; beyond that the driver's value of these fields matters to the core. */
const pageFields: FieldTable<bigint> = {
  // The driver's own use; the allocator hands pages out with zeros there.
  private: { get: () => ulongValue(0n) },
  index: { get: () => ulongValue(0n) },
  // One less than the number of entries that map the page.
  '_mapcount.counter': { get: (pfn, { system }) => intValue((system.memory.page(Number(pfn))?.mapcount ?? 0) - 1) },
  '_refcount.counter': { get: (pfn, { system }) => intValue(referenceCount(system, Number(pfn))) },
  mapping: {
    get: () => undefined,
    set: (pfn, value, { objects, system }) => {
      const record = objects.pointed(value, 'mapping');
      const space = record && (record.space ?? deviceSpace(system));
      if (space) system.memory.withMapping.set(Number(pfn), space);
      else system.memory.withMapping.delete(Number(pfn));
    },
  },
};

/** The address space of the device's inode. */
function deviceSpace(system: System): AddressSpace | undefined {
  return system.files.find(({ name }) => name === deviceFile)?.mapping;
}

/** The process that opens the device first; mm counts from 1. */
const firstPid = 100n;

/** The number of a process (`task_pid_nr`); the first is 100. */
export function pidOf(mm: Mm | undefined): bigint {
  return firstPid + BigInt((mm?.id ?? 1) - 1);
}

type Task = Extract<KernelRecord, { readonly kind: 'task' }>;
const ofTask = ({ mm }: Task, { objects }: FieldContext) => mm && objects.mm(mm);
const taskFields: FieldTable<Task> = {
  mm: { get: ofTask },
  active_mm: { get: ofTask },
  pid: { get: ({ mm }) => integer(int, pidOf(mm)) },
  tgid: { get: ({ mm }) => integer(int, pidOf(mm)) },
  group_leader: { get: ({ mm }, { objects }) => objects.task(mm) },
};
const resourceFields: FieldTable<{ readonly start: bigint; readonly length: bigint }> = {
  start: { get: ({ start }) => ulongValue(start) },
  end: { get: ({ start, length }) => ulongValue(start + length - 1n) },
  // IORESOURCE_MEM
  flags: { get: () => ulongValue(0x200n) },
};

/** The value of a field of a kernel object; `undefined` when it is none that the model keeps. */
export function readField(record: KernelRecord, place: Place, context: FieldContext): Value | undefined {
  // mm changes the counts of a page: nobody who reads one may keep it.
  if (record.kind === 'page' && fieldPath(place).endsWith('count.counter')) context.objects.passes(place);
  return fieldOf(record, place)?.get(context);
}

/** Passes a C store on to the record. */
export function writeField(record: KernelRecord, place: Place, value: Value, context: FieldContext): void {
  fieldOf(record, place)?.set?.(value, context);
}

interface BoundField {
  get(context: FieldContext): Value | undefined;
  set?(value: Value, context: FieldContext): void;
}

function fieldOf(record: KernelRecord, place: Place): BoundField | undefined {
  const path = fieldPath(place);
  switch (record.kind) {
    case 'vma':
      return bind(vmaFields[path], record.vma);
    case 'vmf':
      return bind(vmfFields[path], record.vmf);
    case 'file':
      return bind(fileFields[path], record.file);
    case 'desc':
      return bind(descFields[path], record.desc);
    case 'mm':
      return bind(mmFields[path], record.mm);
    case 'inode':
      return bind(inodeFields[path], undefined);
    case 'dentry':
      return bind(dentryFields[path], undefined);
    case 'mapping':
      return bind(mappingFields[path], record.space);
    case 'task':
      return bind(taskFields[path], record);
    case 'resource':
      return bind(resourceFields[path], record);
    case 'page':
      return bind(pageFields[path.replace(/^page\./, '')], record.pfn);
  }
}

function bind<Of>(field: Field<Of> | undefined, record: Of): BoundField | undefined {
  if (!field) return undefined;
  const { get, set } = field;
  return {
    get: (context) => get(record, context),
    ...(set ? { set: (value: Value, context: FieldContext) => set(record, value, context) } : {}),
  };
}

/** The pfn that a pointer to a struct page stands for: `page + 2` is two pfns further. */
export function pfnOfPage(value: Value | undefined, objects: KernelObjects): bigint | undefined {
  const record = objects.pointed(value, 'page');
  if (!record || value?.kind !== 'pointer') return undefined;
  let pfn = record.pfn;
  for (const step of value.place.path) {
    if (step.kind === 'element' && step.index.kind === 'constant') pfn += step.index.value;
  }
  return pfn;
}
