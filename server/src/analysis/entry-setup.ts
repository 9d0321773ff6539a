/**
 * What a function of the driver is called with: the vma as `mmap_region` prepares it, a `struct file`, a `struct vm_fault`,
 * a `struct vm_area_desc`, and unknown values for the rest. Parameters are told by their types, so that every slot of
 * every subsystem is served alike. Behaviour as in mm/mmap.c and mm/vma.c of 6.12; older kernels differ only where said.
 */
import type { Driver } from '../driver/model.ts';
import { arithmetic, castInteger, integerOf } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, unsignedInt, unsignedLong } from '../execution/ctype.ts';
import { constant, type Term } from '../execution/term.ts';
import { binary, compare } from '../execution/term-build.ts';
import type { IntegerValue, MemoryObject, PointerValue, Value } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { flagValue } from '../kernel/lookup.ts';
import { atLeast } from '../kernel/version.ts';
import { placeOf } from '../services/service.ts';
import type { TypeName } from '../syntax/ast.ts';
import { initialFlags } from './mmap-flags.ts';
import type { Entry, EntrySymbols } from './path.ts';
import type { EntryObjects } from './symbolic-world.ts';
import { symbolValue } from './unknowns.ts';

/** Bits that another handler of the driver is known to have set or cleared before this one is called. */
export interface FlagsBefore {
  readonly set: bigint;
  readonly cleared: bigint;
}

export interface EntrySetup {
  readonly arguments: readonly Value[];
  readonly objects: EntryObjects;
  readonly symbols: EntrySymbols;
  readonly guarantees: readonly Term[];
  readonly domains: ReadonlyMap<string, readonly bigint[]>;
}

const pageShift = integerOf(unsignedInt, 12n);
/** User addresses end at 2^47 on x86-64 with four levels of page tables. */
const userPages = 1n << 35n;

/** Slots whose callers set no flags on the vma before. */
const plainSlots = /^(file_operations|proc_ops|fb_ops|bin_attribute|uio_info|miscdevice|v4l2_file_operations|signature)\./;
/** Flags that drivers set, and that mmap(2) itself never does. */
const driverFlags = ['VM_IO', 'VM_DONTEXPAND', 'VM_DONTDUMP', 'VM_DONTCOPY', 'VM_RESERVED', 'VM_PFNMAP', 'VM_MIXEDMAP', 'VM_INSERTPAGE'];
/** The ones that no subsystem's core sets before it calls its driver. */
const mappingFlags = ['VM_PFNMAP', 'VM_MIXEDMAP', 'VM_INSERTPAGE'];

/** Makes the arguments for `entry`. */
export function setUpEntry(machine: Machine, driver: Driver, entry: Entry, before: FlagsBefore | undefined): EntrySetup {
  return new Setup(machine, driver, entry, before).build();
}

/** What mmap(2) asked for, in symbols. */
interface Request {
  readonly prefix: string;
  readonly start: IntegerValue;
  readonly end: IntegerValue;
  readonly pgoff: IntegerValue;
  readonly flags: IntegerValue;
  readonly symbols: EntrySymbols;
  readonly guarantees: readonly Term[];
  readonly domains: ReadonlyMap<string, readonly bigint[]>;
}

/** It is the same for all runs of an entry. */
const requests = new WeakMap<Entry, Request>();

class Setup {
  readonly #machine: Machine;
  readonly #long: IntegerType;
  readonly #driver: Driver;
  readonly #entry: Entry;
  readonly #before: FlagsBefore | undefined;
  #vma: PointerValue | undefined;
  #vmf: PointerValue | undefined;
  #file: PointerValue | undefined;
  #symbols: EntrySymbols = {};
  #guarantees: readonly Term[] = [];
  #domains: ReadonlyMap<string, readonly bigint[]> = new Map();

  constructor(machine: Machine, driver: Driver, entry: Entry, before: FlagsBefore | undefined) {
    this.#machine = machine;
    const long = machine.resolve({ kind: 'named', name: 'unsigned long' });
    this.#long = long.kind === 'integer' ? long : unsignedLong;
    this.#driver = driver;
    this.#entry = entry;
    this.#before = before;
  }

  build(): EntrySetup {
    const parameters = this.#driver.functions.get(this.#entry.function)?.parameters ?? [];
    const args = parameters.map((parameter, index) => this.#argument(parameter.type, parameter.name ?? `argument${index + 1}`));
    const objects: EntryObjects = {
      ...(this.#vma ? { vma: this.#vma.place.object } : {}),
      ...(this.#vmf ? { vmf: this.#vmf.place.object } : {}),
    };
    return { arguments: args, objects, symbols: this.#symbols, guarantees: this.#guarantees, domains: this.#domains };
  }

  #argument(typeName: TypeName, name: string): Value {
    const type = this.#machine.resolve(typeName);
    if (type.kind === 'integer') return this.#faultAddress(name) ?? this.#number(name, type);
    if (type.kind !== 'pointer') return { kind: 'opaque', why: `the argument ${name} is not known` };
    switch (type.to.kind === 'struct' ? type.to.name : '') {
      case 'vm_area_struct':
        return this.#makeVma(name);
      case 'vm_fault':
        return this.#makeVmf(name);
      case 'vm_area_desc':
        return this.#makeDesc(name);
      case 'file':
        return this.#makeFile(name);
      default: {
        const object = this.#machine.allocate(name, type.to, { kind: 'kernel', what: 'argument' });
        return { kind: 'pointer', place: { object, path: [] }, pointee: type.to };
      }
    }
  }

  /** Numbers of handlers of a mapping are addresses; those of other entries come from system calls. */
  #number(name: string, type: IntegerType): Value {
    const isAddress = name === 'address' || name === 'addr';
    return symbolValue(name, name, type, { control: 'user', role: isAddress ? 'address' : 'unknown' });
  }

  /** `nopage(vma, address, …)` and `nopfn(vma, address)`, up to 2.6.27: the address is one of the vma's pages. */
  #faultAddress(name: string): IntegerValue | undefined {
    const kind = this.#entry.handler?.kind;
    if ((kind !== 'nopage' && kind !== 'nopfn') || this.#symbols.faultPgoff) return undefined;
    return this.#faultAt(`(${name} - start) >> PAGE_SHIFT`)?.address;
  }

  #kernelObject(name: string, tag: string): PointerValue {
    const type: CType = { kind: 'struct', tag: 'struct', name: tag };
    const object: MemoryObject = this.#machine.allocate(name, type, { kind: 'kernel', what: tag });
    return { kind: 'pointer', place: { object, path: [] }, pointee: type };
  }

  #set(base: PointerValue, field: string, value: Value): void {
    this.#machine.write(placeOf(base.place, field), value, this.#machine.span);
  }

  #makeFile(name: string): PointerValue {
    this.#file ??= this.#kernelObject(name, 'file');
    return this.#file;
  }

  #makeVma(name: string): PointerValue {
    if (this.#vma) return this.#vma;
    const vma = this.#kernelObject(name, 'vm_area_struct');
    this.#vma = vma;
    const request = this.#request(`${name}->vm_`);
    this.#set(vma, 'vm_start', request.start);
    this.#set(vma, 'vm_end', request.end);
    this.#set(vma, 'vm_pgoff', request.pgoff);
    this.#set(vma, 'vm_flags', request.flags);
    const file = this.#makeFile(`${name}->vm_file`);
    this.#set(vma, 'vm_file', file);
    if (this.#isFirstCall()) {
      this.#set(vma, 'vm_private_data', { kind: 'address', term: constant(0), pointee: { kind: 'void' } });
    }
    return vma;
  }

  #makeDesc(name: string): PointerValue {
    const desc = this.#kernelObject(name, 'vm_area_desc');
    this.#vma = desc;
    const request = this.#request(`${name}->`);
    this.#set(desc, 'start', request.start);
    this.#set(desc, 'end', request.end);
    this.#set(desc, 'pgoff', request.pgoff);
    this.#set(desc, 'vm_flags', request.flags);
    const file = this.#makeFile(`${name}->file`);
    this.#set(desc, 'file', file);
    this.#set(desc, 'vm_file', file);
    this.#set(desc, 'private_data', { kind: 'address', term: constant(0), pointee: { kind: 'void' } });
    return desc;
  }

  /** A fault at some page of a vma; `pgoff` counts from the start of the file (`vmf->pgoff = linear_page_index`). */
  #makeVmf(name: string): PointerValue {
    const vmf = this.#kernelObject(name, 'vm_fault');
    this.#vmf = vmf;
    const vma = this.#makeVma(`${name}->vma`);
    this.#set(vmf, 'vma', vma);
    this.#set(vmf, 'flags', this.#faultFlags(`${name}->flags`));
    const at = this.#faultAt(`${name}->pgoff - ${name}->vma->vm_pgoff`);
    if (!at) return vmf;
    this.#set(vmf, 'pgoff', at.pgoff);
    this.#set(vmf, 'address', at.address);
    this.#set(vmf, 'real_address', at.address);
    this.#set(vmf, 'virtual_address', { kind: 'address', term: at.address.term, pointee: { kind: 'void' } });
    this.#set(vmf, 'page', { kind: 'address', term: constant(0), pointee: { kind: 'struct', tag: 'struct', name: 'page' } });
    return vmf;
  }

  /** Some page of the vma: its offset and its address. `name` is what the code would call its number in the vma. */
  #faultAt(name: string): { readonly pgoff: IntegerValue; readonly address: IntegerValue } | undefined {
    const { pgoff, pages, start } = this.#symbols;
    if (!pgoff || !pages || !start) return undefined;
    const index = symbolValue(`${name}:page`, name, this.#long, { control: 'user', role: 'index', min: 0n, max: userPages - 1n });
    const faultPgoff = sum(pgoff, index);
    this.#guarantees = [...this.#guarantees, compare('lt', this.#long, index.term, pages.term)];
    this.#symbols = { ...this.#symbols, faultPgoff };
    return { pgoff: faultPgoff, address: sum(start, shifted(index)) };
  }

  /** Circumstances of the fault: FAULT_FLAG_MKWRITE is for the callbacks that make a page writable, and for them alone. */
  #faultFlags(name: string): IntegerValue {
    const type = this.#machine.resolve({ kind: 'named', name: 'unsigned int' });
    const mkwrite = flagValue('FAULT_FLAG_MKWRITE', this.#driver.target.version) ?? 0n;
    const unsigned = type.kind === 'integer' ? type : this.#long;
    const bits = { control: 'user', role: 'flags' } as const;
    if (!this.#entry.slot.endsWith('_mkwrite')) return symbolValue(name, name, unsigned, { ...bits, zeroBits: mkwrite });
    const flags = symbolValue(name, name, unsigned, bits);
    return arithmetic('|', flags, integerOf(unsigned, mkwrite)) ?? flags;
  }

  /** The unknowns of mmap(2), and what `do_mmap` guarantees of them. */
  #request(prefix: string): Request {
    const last = requests.get(this.#entry);
    const known = last?.prefix === prefix ? last : this.#makeRequest(prefix);
    requests.set(this.#entry, known);
    this.#symbols = known.symbols;
    this.#guarantees = known.guarantees;
    this.#domains = known.domains;
    return known;
  }

  #makeRequest(prefix: string): Request {
    const user = { control: 'user' as const };
    const { longBits, version } = this.#driver.target;
    const wide = longBits === 64;
    const most = wide ? userPages : 1n << 20n;
    const pages = symbolValue('pages', 'pages', this.#long, { ...user, role: 'count', min: 1n, max: most - 1n });
    const start = symbolValue(`${prefix}start`, `${prefix}start`, this.#long, {
      ...user,
      role: 'address',
      min: 0x1000n,
      max: most << 12n,
      zeroBits: 0xfffn,
    });
    // The offset of mmap(2) is in bytes, so that its top 12 bits are lost before a handler sees it.
    const pgoff = symbolValue(`${prefix}pgoff`, `${prefix}pgoff`, this.#long, {
      ...user,
      role: 'offset',
      max: (1n << BigInt(longBits - (wide ? 12 : 0))) - 1n,
    });
    const flags = this.#flags(`${prefix}flags`);
    const end = sum(start, shifted(pages));
    const last = binary('add', this.#long, pgoff.term, pages.term);
    const guarantees = [compare('le', this.#long, pgoff.term, last)];
    // file_mmap_ok, 4.17: offset + length of a device fits into an unsigned long, unless the file has unsigned offsets.
    if (atLeast(version, 4, 17) && wide && !this.#hasUnsignedOffset())
      guarantees.push(compare('lt', this.#long, last, constant(1n << 52n)));
    return {
      prefix,
      start,
      end,
      pgoff,
      flags: this.#isFirstCall() ? flags : this.#withFlagsBefore(flags),
      symbols: { start, pages, pgoff, flags },
      guarantees: guarantees.filter((term) => term.kind !== 'constant'),
      domains: this.#domains,
    };
  }

  #flags(name: string): IntegerValue {
    if (!this.#isFirstCall()) return symbolValue(name, name, this.#long, { control: 'user', role: 'flags' });
    const { version } = this.#driver.target;
    const names = plainSlots.test(this.#entry.slot) ? driverFlags : mappingFlags;
    const zeroBits = names.reduce((bits, each) => bits | (flagValue(each, version) ?? 0n), 0n);
    this.#domains = new Map([[name, initialFlags]]);
    return symbolValue(name, name, this.#long, { control: 'user', role: 'flags', zeroBits });
  }

  /** What the driver's mmap handler did to the flags for certain. */
  #withFlagsBefore(flags: IntegerValue): IntegerValue {
    if (!this.#before) return flags;
    const kept = arithmetic('&', flags, integerOf(this.#long, ~this.#before.cleared));
    const set = kept && arithmetic('|', kept, integerOf(this.#long, this.#before.set));
    return set ? castInteger(set, this.#long) : flags;
  }

  /** Whether the vma is a new one: mmap itself, not a later operation on it. */
  #isFirstCall(): boolean {
    const kind = this.#entry.handler?.kind;
    return kind === 'mmap' || kind === 'mmap_prepare';
  }

  #hasUnsignedOffset(): boolean {
    return this.#entry.slot.startsWith('drm_') || mentionsUnsignedOffset(this.#driver);
  }
}

const unsignedOffsets = new WeakMap<Driver, boolean>();

/** Whether a file of the driver may lift the limit on offsets (FMODE_UNSIGNED_OFFSET, since 6.12 FOP_UNSIGNED_OFFSET). */
function mentionsUnsignedOffset(driver: Driver): boolean {
  let mentions = unsignedOffsets.get(driver);
  if (mentions === undefined) {
    mentions = [...driver.files.values()].some((text) => /F(?:OP|MODE)_UNSIGNED_OFFSET/.test(text));
    unsignedOffsets.set(driver, mentions);
  }
  return mentions;
}

function shifted(pages: IntegerValue): IntegerValue {
  return arithmetic('<<', pages, pageShift) ?? pages;
}

function sum(left: IntegerValue, right: IntegerValue): IntegerValue {
  return arithmetic('+', left, right) ?? left;
}
