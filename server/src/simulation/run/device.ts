/**
 * The device file that the user program opens: which functions of the driver stand behind the system calls on it, and how
 * the subsystem of the handler's slot calls them. Knows no scenario statement.
 */
import type { Driver, Handler, OpsTable } from '../../driver/model.ts';
import type { Value } from '../../execution/value.ts';
import { kernelConstant } from '../../kernel/constants.ts';
import { errno, isErrorValue } from '../../mm/errno.ts';
import type { AddressSpace, MmFile } from '../../mm/file.ts';
import { MAP_SYNC } from '../../mm/flags.ts';
import type { Outcome } from '../../mm/outcome.ts';
import type { FileOps } from '../../mm/vm-ops.ts';
import { kernelLibrary } from '../library/library.ts';
import type { RegisteredDevice } from '../life/registered.ts';
import { deviceFile } from '../world/objects.ts';
import { nullPointer, numberOf, placeOf, ulongValue } from '../world/values.ts';
import { ioctl, type KnownArguments, llseek, poll, read, type Transfer, write } from './file-calls.ts';
import { type FileCall, slotFor } from './file-slots.ts';
import { opsOfHelper } from './helped-faults.ts';
import type { Session } from './session.ts';
import { installOps, isRefused, prepareVma, tableOps } from './subsystems.ts';
import { vfsIoctl } from './vfs-ioctl.ts';

/** How mmap reaches the handler. */
export type Entry =
  /** The handler itself, or the mmap handler that installs the table it stands in. */
  | { readonly kind: 'mmap' | 'mmap_prepare'; readonly handler: Handler }
  /** No mmap handler of the files installs this table of vma operations: it is taken as installed. */
  | {
      readonly kind: 'table';
      readonly table: string;
      readonly flags: bigint;
      /** There is no table: a fault handler in another file calls this function, and takes a pointer that is no error for success. */
      readonly faultHelper?: string;
    };

/** How a program opens the device: the access mode, and the other `O_*` bits of the flags. */
export interface OpenHow {
  readonly read: boolean;
  readonly write: boolean;
  readonly flags?: number;
}

/** `POSIX_FADV_WILLNEED`, which MADV_WILLNEED becomes. */
const POSIX_FADV_WILLNEED = 3n;

/** An address of slab memory, where the tables of descriptors of processes lie. */
const firstFilesTable = 0xffff_8880_0400_0000n;

export class Device {
  readonly #session: Session;
  readonly #entry: Entry;
  readonly #runsOpen: boolean;
  #mapping: AddressSpace | undefined;

  constructor(session: Session, entry: Entry, runsOpen: boolean) {
    this.#session = session;
    this.#entry = entry;
    this.#runsOpen = runsOpen;
  }

  /** The driver's function behind a system call, in the table that the handler stands in. */
  static functionIn(driver: Driver, handler: Handler, call: FileCall): string | undefined {
    const name = Device.#nameIn(driver, handler, call);
    return name !== undefined && (driver.functions.has(name) || kernelLibrary().header(name)) ? name : undefined;
  }

  /** The name in the slot, which may be that of a function of the kernel. */
  static #nameIn(driver: Driver, { registeredAt, slot: own }: Handler, call: FileCall): string | undefined {
    const container = own.slice(0, own.indexOf('.'));
    const slot = slotFor(container, call);
    if (slot === undefined || !registeredAt) return undefined;
    const name = registeredAt.table ?? '';
    const table = tableOf(driver, container, name);
    // `ioctl` is what `unlocked_ioctl` was before 2.6.36.
    const entry =
      table?.entries.find((each) => each.slot === slot) ??
      (call === 'ioctl' ? table?.entries.find((each) => each.slot === 'ioctl') : undefined);
    return entry?.function;
  }

  /** open(2): the file, or the error that the driver's open function returns. */
  open(how: OpenHow): MmFile | { readonly error: bigint } {
    const { system } = this.#session;
    this.#session.opened ??= this.#registeredDevice();
    // The device file goes with the device.
    if (this.#session.life.isOver) return { error: BigInt(-errno.ENOENT) };
    this.#mapping ??= system.createAddressSpace();
    const file = system.openFile({ name: deviceFile, ops: this.#ops(), ...how, mapping: this.#mapping });
    const open = this.#runsOpen ? this.#functionOf('open') : undefined;
    // Without a function of the driver's own, what the misc core has put there stays.
    const isMisc = this.#session.opened?.kind === 'misc' && this.#nameOf('open') === undefined;
    if (open || isMisc || this.#session.assumptions.asItRuns) file.private_data = this.#firstPrivateData();
    if (!open) return file;
    const result = this.#session.runDriver('file open', open, this.#arguments(open, file));
    const number = BigInt.asIntN(32, numberOf(result) ?? 0n);
    if (number === 0n) return file;
    file.descriptors = 0;
    file.references = 0;
    file.released = true;
    // A positive result is a mistake that `do_dentry_open` answers with EINVAL.
    return { error: number > 0n ? -22n : number };
  }

  /** The device goes: `undefined` when the files register no remove function. */
  unplug(): Outcome | undefined {
    return this.#session.life.unplug();
  }

  /** The module goes, remove and exit function first: `undefined` when the files have neither. */
  rmmod(): Outcome | undefined {
    return this.#session.life.exit();
  }

  /** ioctl(2) with a number of a command, or a name that the driver's files know. ENOTTY where the driver has none. */
  ioctl(file: MmFile, command: bigint | string, argument: bigint): Outcome {
    const number = typeof command === 'bigint' ? command : this.#session.fileLevel.numberOf(command);
    // A number that was made up for a name of a header that is not at hand is none of the kernel's own commands.
    const isMadeUp = typeof command === 'string' && this.#session.assumptions.guesses.includes(command);
    const own = isMadeUp ? undefined : vfsIoctl(this.#session, number, argument);
    return own ?? ioctl((...call) => this.#call(...call), file, number, argument);
  }

  /** read(2), pread(2). */
  read(file: MmFile, transfer: Transfer): Outcome {
    return read(this.#session, (...call) => this.#call(...call), file, transfer);
  }

  /** write(2), pwrite(2). */
  write(file: MmFile, transfer: Transfer): Outcome {
    return write(this.#session, (...call) => this.#call(...call), file, transfer);
  }

  /** lseek(2): SEEK_SET is 0, SEEK_CUR 1, SEEK_END 2. */
  llseek(file: MmFile, offset: bigint, whence: 0 | 1 | 2): Outcome {
    return llseek((...call) => this.#call(...call), file, offset, whence, this.#nameOf('llseek'));
  }

  /** poll(2): the events that the file is ready for now. */
  poll(file: MmFile): Outcome {
    return poll((...call) => this.#call(...call), file);
  }

  /** Whether a subsystem stands before the driver's functions that answers for a device that is gone. */
  #isCutOff(): boolean {
    return this.#entry.kind !== 'table' && !this.#entry.handler.slot.startsWith('file_operations.') && this.#session.life.isOver;
  }

  /** What the table has for a call, wherever it is defined. */
  #nameOf(call: FileCall): string | undefined {
    return this.#entry.kind === 'table' ? undefined : Device.#nameIn(this.#session.driver, this.#entry.handler, call);
  }

  #functionOf(call: FileCall): string | undefined {
    return this.#entry.kind === 'table' ? undefined : Device.functionIn(this.#session.driver, this.#entry.handler, call);
  }

  #call(call: FileCall, file: MmFile, known: KnownArguments): Value | undefined {
    const name = this.#isCutOff() ? undefined : this.#functionOf(call);
    return name === undefined ? undefined : this.#session.runDriver(call, name, this.#arguments(name, file, known));
  }

  /** `struct miscdevice`: the misc core hands the device over in `file->private_data`; other files start with NULL. */
  #firstPrivateData(): Value | undefined {
    if (this.#entry.kind === 'table') return undefined;
    const { driver, machine, opened } = this.#session;
    if (opened) return opened.kind === 'misc' ? opened.object : nullPointer();
    const table = this.#entry.handler.registeredAt?.table;
    const misc = [...driver.variables.values()].find(
      (variable) =>
        variable.type.kind === 'tagged' &&
        variable.type.name === 'miscdevice' &&
        table !== undefined &&
        new RegExp(`\\b${table}\\b`).test(driver.files.get(variable.file)?.slice(variable.span.start, variable.span.end) ?? ''),
    );
    const isField = driver.sourcesOf('miscdevice', 'fops').length > 0;
    if (misc) return this.#session.fileLevel.addressOf(misc.name);
    if (!isField) return nullPointer();
    const object = machine.allocate('misc', { kind: 'struct', tag: 'struct', name: 'miscdevice' }, { kind: 'assumed' });
    return { kind: 'pointer', place: { object, path: [] }, pointee: object.type };
  }

  /** The device that the driver registered with the table that the handler stands in. */
  #registeredDevice(): RegisteredDevice | undefined {
    const name = this.#entry.kind === 'table' ? undefined : this.#entry.handler.registeredAt?.table;
    if (name === undefined || !this.#session.driver.variables.has(name)) return undefined;
    return this.#session.registered.deviceOf(placeOf(this.#session.fileLevel.addressOf(name)));
  }

  #arguments(name: string, file: MmFile, { byType, numbers }: KnownArguments = {}): readonly Value[] {
    const { objects } = this.#session;
    return this.#session.argumentsFor(name, { file: objects.file(file), inode: objects.single('inode'), ...byType }, numbers);
  }

  /** `fl_owner_t`: the table of descriptors of the process that closes. */
  #owner(): Value {
    return ulongValue(firstFilesTable + BigInt(this.#session.currentMm?.id ?? 0) * 0x400n);
  }

  /** The flags of mmap that the table says it knows beside the usual ones: MAP_SYNC is all that there is. */
  #supportedFlags(): number {
    const { driver, system } = this.#session;
    const table = this.#entry.kind === 'table' ? undefined : this.#entry.handler.registeredAt?.table;
    const variable = table === undefined ? undefined : driver.variables.get(table);
    const text = variable && driver.files.get(variable.file)?.slice(variable.span.start, variable.span.end);
    const named = kernelConstant('FOP_MMAP_SYNC', system.version) ? /\bFOP_MMAP_SYNC\b/ : /\bmmap_supported_flags\s*=[^,]*\bMAP_SYNC\b/;
    return text !== undefined && named.test(text) ? MAP_SYNC : 0;
  }

  #ops(): FileOps {
    const session = this.#session;
    const entry = this.#entry;
    // A driver that leaves open to the core may still have something to do at the end.
    const hasOpened = this.#runsOpen || (session.assumptions.asItRuns && this.#functionOf('open') === undefined);
    const release = hasOpened ? this.#functionOf('release') : undefined;
    const flush = this.#functionOf('flush');
    const fsync = this.#functionOf('fsync');
    const fadvise = this.#functionOf('fadvise');
    const supported = this.#supportedFlags();
    const area = this.#functionOf('get_unmapped_area');
    const int = (value: Value) => Number(BigInt.asIntN(32, numberOf(value) ?? 0n));
    const numbered = (slot: string, name: string, last: bigint) => (file: MmFile, first: bigint, second: bigint) => {
      const numbers = [ulongValue(first), ulongValue(second), ulongValue(last)];
      return int(session.runDriver(slot, name, this.#arguments(name, file, { numbers })));
    };
    const common = {
      table: entry.kind === 'table' ? entry.table : (entry.handler.registeredAt?.table ?? entry.handler.slot),
      ...(release ? { release: (file: MmFile) => void session.runDriver('release', release, this.#arguments(release, file)) } : {}),
      ...(flush
        ? {
            flush: (file: MmFile) =>
              int(session.runDriver('flush', flush, this.#arguments(flush, file, { byType: { 'void *': this.#owner() } }))),
          }
        : {}),
      ...(fsync ? { fsync: numbered('fsync', fsync, 1n) } : {}),
      ...(fadvise ? { fadvise: numbered('fadvise', fadvise, POSIX_FADV_WILLNEED) } : {}),
      ...(supported === 0 ? {} : { mmap_supported_flags: supported }),
      ...(area
        ? {
            get_unmapped_area: (file: MmFile, address: bigint, length: bigint, pgoff: bigint, flags: number) => {
              const numbers = [ulongValue(address), ulongValue(length), ulongValue(pgoff), ulongValue(BigInt(flags))];
              const result = numberOf(session.runDriver('get_unmapped_area', area, [session.objects.file(file), ...numbers])) ?? 0n;
              return isErrorValue(result) ? BigInt.asIntN(64, result) : result;
            },
          }
        : {}),
    };
    if (entry.kind === 'table') {
      return {
        ...common,
        mmap: (_file, vma) => {
          session.recorder.change(`no mmap handler of these files installs ${entry.table}; it is assumed that one does`);
          const { faultHelper } = entry;
          installOps(
            session,
            vma,
            faultHelper === undefined ? tableOps(session, entry.table) : opsOfHelper(session, faultHelper),
            entry.flags,
          );
          return 0;
        },
      };
    }
    const { handler } = entry;
    if (entry.kind === 'mmap_prepare') {
      return {
        ...common,
        mmap_prepare: (desc) =>
          int(
            session.runDriver(
              'mmap',
              handler.function,
              this.#arguments(handler.function, desc.file, { byType: { vm_area_desc: session.objects.desc(desc) } }),
            ),
          ),
      };
    }
    return {
      ...common,
      mmap: (file, vma) => {
        if (this.#isCutOff()) return -errno.ENODEV;
        const args = this.#arguments(handler.function, file, { byType: { vm_area_struct: session.objects.vma(vma) } });
        if (isRefused(session, handler, vma, args)) return -errno.EINVAL;
        prepareVma(session, handler, vma, args);
        return int(session.runDriver('mmap', handler.function, args));
      },
    };
  }
}

/** The tables of drivers by container and name, the first of a name: each run asks for some. */
const tables = new WeakMap<readonly OpsTable[], ReadonlyMap<string, OpsTable>>();

function tableOf(driver: Driver, container: string, name: string): OpsTable | undefined {
  const all = driver.tables;
  let byName = tables.get(all);
  if (!byName) {
    byName = new Map(all.toReversed().map((table) => [`${table.container} ${table.name}`, table]));
    tables.set(all, byName);
  }
  return byName.get(`${container} ${name}`);
}
