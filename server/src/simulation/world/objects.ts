/**
 * The C objects behind mm's records: a vma, a file, a struct page as the driver's code sees them. Reads of their fields
 * are answered from the record, writes go to it; cells are dropped whenever mm may have changed something.
 */
import type { CType } from '../../execution/ctype.ts';
import { keyOf } from '../../execution/place.ts';
import type { MemoryObject, Origin, Place, PointerValue, Step, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import type { AddressSpace, MmFile } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';
import type { VmAreaDesc } from '../../mm/vm-area-desc.ts';
import type { VmFault } from '../../mm/vm-ops.ts';
import type { Vma } from '../../mm/vma.ts';
import { pointerTo } from './values.ts';

/** What a kernel object stands for. */
export type KernelRecord =
  | { readonly kind: 'vma'; readonly vma: Vma }
  | { readonly kind: 'file'; readonly file: MmFile }
  | { readonly kind: 'vmf'; readonly vmf: VmFault }
  | { readonly kind: 'mm'; readonly mm: Mm }
  | { readonly kind: 'desc'; readonly desc: VmAreaDesc }
  /** A struct page, by its pfn. */
  | { readonly kind: 'page'; readonly pfn: bigint }
  | { readonly kind: 'inode' }
  | { readonly kind: 'dentry' }
  /** Without `space`: that of the device's inode. */
  | { readonly kind: 'mapping'; readonly space?: AddressSpace }
  /** A process, by its memory; absent for the one that loads the module. */
  | { readonly kind: 'task'; readonly mm?: Mm | undefined }
  /** A window of device memory as the driver's `struct resource` describes it. Bytes. */
  | { readonly kind: 'resource'; readonly start: bigint; readonly length: bigint };

/** Struct tags of the records' C types. */
const tags: Readonly<Record<KernelRecord['kind'], string>> = {
  vma: 'vm_area_struct',
  file: 'file',
  vmf: 'vm_fault',
  mm: 'mm_struct',
  desc: 'vm_area_desc',
  page: 'page',
  inode: 'inode',
  dentry: 'dentry',
  mapping: 'address_space',
  task: 'task_struct',
  resource: 'resource',
};

/** The name of the driver's device in mm. */
export const deviceFile = '/dev/device';

export function structType(name: string): CType {
  return { kind: 'struct', tag: 'struct', name };
}

const kinds = Object.keys(tags) as KernelRecord['kind'][];
/** Shared by all objects of a kind. */
const types = Object.fromEntries(kinds.map((kind) => [kind, structType(tags[kind])])) as Readonly<Record<KernelRecord['kind'], CType>>;
const origins = Object.fromEntries(kinds.map((kind) => [kind, { kind: 'kernel', what: kind }])) as Readonly<
  Record<KernelRecord['kind'], Origin>
>;

/** Start of the array of struct pages (x86-64 `vmemmap`) and the size of one, for the numbers that page pointers are. */
export const VMEMMAP_START = 0xffff_ea00_0000_0000n;
export const PAGE_STRUCT_BYTES = 64n;

/** Struct pages whose objects are kept together: those of 2 MiB. */
const sectionPages = 512;

/** A struct page. A large mapping has very many: it is its own record, and its cells are made when somebody asks for them. */
class PageObject implements MemoryObject {
  readonly kind = 'page';
  readonly id: number;
  readonly name: string;
  readonly pfn: bigint;
  #cells: Map<string, Value> | undefined;

  constructor(id: number, name: string, pfn: bigint) {
    this.id = id;
    this.name = name;
    this.pfn = pfn;
  }

  get type(): CType {
    return types.page;
  }

  get origin(): Origin {
    return origins.page;
  }

  get cells(): Map<string, Value> {
    this.#cells ??= new Map();
    return this.#cells;
  }
}

export class KernelObjects {
  readonly #machine: () => Machine;
  readonly #records = new Map<MemoryObject, KernelRecord>();
  /** The objects whose records mm changes on its own: vmas, faults, descriptions. */
  readonly #mirrors: MemoryObject[] = [];
  readonly #passing: Place[] = [];
  readonly #byRecord = new Map<unknown, MemoryObject>();
  /** By section, and in it by pfn. */
  readonly #pages = new Map<number, (PageObject | undefined)[]>();
  readonly #nameOfPage: (pfn: bigint) => string;

  constructor(machine: () => Machine, nameOfPage: (pfn: bigint) => string) {
    this.#machine = machine;
    this.#nameOfPage = nameOfPage;
  }

  recordOf(object: MemoryObject): KernelRecord | undefined {
    return object instanceof PageObject ? object : this.#records.get(object);
  }

  vma(vma: Vma): PointerValue {
    return this.#pointer(vma, 'vma', { kind: 'vma', vma });
  }

  file(file: MmFile): PointerValue {
    return this.#pointer(file, 'file', { kind: 'file', file });
  }

  vmf(vmf: VmFault): PointerValue {
    return this.#pointer(vmf, 'vmf', { kind: 'vmf', vmf });
  }

  mm(mm: Mm): PointerValue {
    return this.#pointer(mm, 'mm', { kind: 'mm', mm });
  }

  desc(desc: VmAreaDesc): PointerValue {
    return this.#pointer(desc, 'desc', { kind: 'desc', desc });
  }

  /** The address space of a file's inode. */
  mapping(space: AddressSpace): PointerValue {
    return this.#pointer(space, 'mapping', { kind: 'mapping', space });
  }

  /** The struct page of a pfn. */
  page(pfn: bigint): PointerValue {
    const number = Number(pfn);
    const place = number % sectionPages;
    const section = this.#pages.get(number - place) ?? [];
    if (section.length === 0) this.#pages.set(number - place, section);
    const object = section[place] ?? this.#machine().adopt((id) => new PageObject(id, this.#nameOfPage(pfn), pfn));
    section[place] = object;
    return pointerTo(object);
  }

  /** An object of which there is one: the inode of the device. */
  single(kind: 'inode' | 'dentry' | 'mapping'): PointerValue {
    return this.#pointer(kind, kind, { kind });
  }

  /** The `struct task_struct` of a process; of the one that loads the module without `mm`. */
  task(mm: Mm | undefined): PointerValue {
    const key = mm?.id ?? 'task';
    return this.#pointer(key, 'current', { kind: 'task', mm });
  }

  /** A `struct resource` of the driver's device. Bytes. */
  resource(name: string, start: bigint, length: bigint): PointerValue {
    return pointerTo(this.#create(name, { kind: 'resource', start, length }));
  }

  /** The vma, file, … that a pointer leads to, when it points to the start of one. */
  pointed<Kind extends KernelRecord['kind']>(
    value: Value | undefined,
    kind: Kind,
  ): Extract<KernelRecord, { readonly kind: Kind }> | undefined {
    if (value?.kind !== 'pointer') return undefined;
    const record = this.recordOf(value.place.object);
    return record?.kind === kind && value.place.path.every((step) => step.kind === 'element' || (kind === 'page' && isPageOfFolio(step)))
      ? (record as Extract<KernelRecord, { readonly kind: Kind }>)
      : undefined;
  }

  /** The variable names another object from one call of the driver to the next: `current`. */
  changes(variable: MemoryObject): void {
    if (!this.#mirrors.includes(variable)) this.#mirrors.push(variable);
  }

  /** What was read of the place holds until the next call: a count of a page. */
  passes(place: Place): void {
    this.#passing.push(place);
  }

  /** Forgets what was read of records that mm changes on its own. */
  refresh(): void {
    for (const place of this.#passing.splice(0)) place.object.cells.delete(keyOf(place));
    for (const { cells } of this.#mirrors) if (cells.size > 0) cells.clear();
  }

  #pointer(record: unknown, name: string, kernel: KernelRecord): PointerValue {
    let object = this.#byRecord.get(record);
    if (!object) {
      object = this.#create(name, kernel);
      this.#byRecord.set(record, object);
    }
    return pointerTo(object);
  }

  #create(name: string, record: KernelRecord): MemoryObject {
    const object = this.#machine().allocate(name, types[record.kind], origins[record.kind]);
    this.#records.set(object, record);
    if (record.kind === 'vma' || record.kind === 'vmf' || record.kind === 'desc') this.#mirrors.push(object);
    return object;
  }
}

/** `folio->page`, the struct page that a folio begins with. */
function isPageOfFolio(step: Step): boolean {
  return step.kind === 'field' && step.name === 'page';
}

/** The names of the fields on the way to a place, elements left out: `f_path.dentry`. */
export function fieldPath(place: Place): string {
  const [first] = place.path;
  if (place.path.length === 1 && first?.kind === 'field') return first.name;
  return place.path.flatMap((step) => (step.kind === 'field' ? [step.name] : [])).join('.');
}
