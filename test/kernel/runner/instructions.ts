/**
 * Writes the statements of a scenario as instructions of the init program (`init/`): one line each, `ACTOR INSTRUCTION`, words
 * and numbers only. Names of mappings, files and processes become numbers. A statement that `init/` cannot do is named.
 */

import { bytesOf } from '../../../server/src/simulation/run/data.ts';
import { bytesOfNumber } from '../../../server/src/simulation/run/look.ts';
import type {
  AccessAction,
  Action,
  Amount,
  DataField,
  FileAction,
  MappingAction,
  Statement,
  UserAddress,
} from '../../../server/src/simulation/scenario/model.ts';
import { adviceNumbers, mapBits, openBits, protBits, remapBits, syncBits } from './user-constants.ts';

/** A statement that the real kernel cannot be asked with. */
export class NotPossible extends Error {}

/** What a write without a value writes. */
const someValue = 0x4141_4141n;
/** Longer accesses would make the program's buffers too small. */
const longest = 1n << 16n;

type Read = Extract<AccessAction, { kind: 'read' }>;
type Write = Extract<AccessAction, { kind: 'write' }>;

/** Numbers for names, in the order in which they come. */
class Numbers {
  readonly #of = new Map<string, number>();

  of(name: string): number {
    const known = this.#of.get(name);
    if (known !== undefined) return known;
    this.#of.set(name, this.#of.size);
    return this.#of.size - 1;
  }

  get names(): readonly string[] {
    return [...this.#of.keys()];
  }
}

/** Translates one scenario. */
class Translation {
  readonly #mappings = new Numbers();
  readonly #files = new Numbers();
  readonly #pins = new Numbers();
  readonly #actors = new Map<string, number>();

  /** The instructions of all statements, in order. */
  lines(statements: readonly Statement[]): readonly string[] {
    const lines = statements.map((statement) => this.#line(statement));
    return [...this.#mappings.names.map((name, index) => `0 name ${index} ${name}`), ...lines];
  }

  #line({ process, action, expectation }: Statement): string {
    if (expectation) throw new NotPossible('an expectation');
    const actor = process === undefined ? 0 : this.#actors.get(process);
    if (actor === undefined) throw new NotPossible(`the process ${process}`);
    return `${actor} ${this.#instruction(actor, action)}`;
  }

  #instruction(actor: number, action: Action): string {
    switch (action.kind) {
      case 'fork':
      case 'thread': {
        const index = this.#actors.size + 1;
        this.#actors.set(action.child, index);
        return `${action.kind} ${index} ${action.child}`;
      }
      case 'exit':
      case 'rmmod':
        return action.kind;
      case 'open':
      case 'dup':
      case 'close':
      case 'ioctl':
      case 'pread':
      case 'pwrite':
      case 'lseek':
      case 'poll':
        return this.#fileInstruction(action);
      case 'read':
      case 'write':
      case 'exec':
      case 'pin':
      case 'unpin':
        return this.#accessInstruction(actor, action);
      case 'mmap':
      case 'mremap':
      case 'mlockall':
      case 'munlockall':
      case 'mprotect':
      case 'munmap':
      case 'munlock':
      case 'mincore':
      case 'mlock':
      case 'madvise':
      case 'msync':
      case 'remap_file_pages':
        return this.#mappingInstruction(action);
      default:
        throw new NotPossible(`\`${action.kind}\``);
    }
  }

  #file(name: string | undefined): string {
    return name === undefined ? '*' : String(this.#files.of(name));
  }

  /** `BASE OFFSET`. */
  #address({ mapping, offset, fromEnd }: UserAddress): string {
    return `${mapping === undefined ? '-' : `${fromEnd ? 'e' : 's'}${this.#mappings.of(mapping)}`} ${offset}`;
  }

  #amount(amount: Amount): string {
    if (typeof amount === 'bigint') return String(amount);
    if (amount.kind !== 'address') throw new NotPossible('a number that is read from memory');
    return `&${this.#address(amount.address).replace(' ', ':')}`;
  }

  #data(fields: readonly DataField[]): string {
    const bytes = bytesOf(fields, (amount) => (typeof amount === 'bigint' ? amount : undefined));
    if (!bytes) throw new NotPossible('an address inside of data');
    return hexOf(bytes);
  }

  #fileInstruction(action: FileAction): string {
    switch (action.kind) {
      case 'open':
        return `open ${this.#file(action.file)} ${openBits(action.mode, action.flags ?? [])}`;
      case 'dup':
        return `dup ${this.#file(action.file)} ${this.#file(action.of)}`;
      case 'close':
      case 'poll':
        return `${action.kind} ${this.#file(action.of)}`;
      case 'ioctl': {
        if (typeof action.command === 'string') throw new NotPossible('an ioctl by name');
        if (action.buffer !== undefined) throw new NotPossible('a named buffer');
        const argument = action.data ? `=${this.#data(action.data)}` : this.#amount(action.argument ?? 0n);
        return `ioctl ${this.#file(action.of)} ${action.command} ${argument}`;
      }
      case 'pread': {
        if (action.buffer !== undefined) throw new NotPossible('a named buffer');
        const into = action.into ? ` &${this.#address(action.into).replace(' ', ':')}` : '';
        return `pread ${this.#file(action.of)} ${action.length} ${action.offset ?? '*'}${into}`;
      }
      case 'pwrite': {
        const from = action.from ? `&${this.#address(action.from).replace(' ', ':')}` : `=${this.#data(action.data ?? [])}`;
        return `pwrite ${this.#file(action.of)} ${action.length ?? 0n} ${action.offset ?? '*'} ${from}`;
      }
      case 'lseek':
        return `lseek ${this.#file(action.of)} ${action.offset} ${['set', 'cur', 'end'].indexOf(action.whence)}`;
    }
  }

  #mappingInstruction(action: MappingAction): string {
    switch (action.kind) {
      case 'mmap': {
        const number = this.#mappings.of(action.mapping);
        const place = action.fixedAt ?? action.hint;
        const file = action.anonymous ? '-' : this.#file(action.of);
        const numbers = `${action.length} ${protBits(action.protection)} ${mapBits(action)}`;
        return `mmap ${number} ${file} ${place ? this.#address(place) : '- 0'} ${numbers} ${this.#amount(action.offset)}`;
      }
      case 'mremap': {
        const { offset, fromEnd, mapping } = action.address;
        const name = action.mapping ?? (offset === 0n && !fromEnd ? mapping : undefined);
        const target = action.fixedAt ? this.#address(action.fixedAt) : '- 0';
        const from = `${this.#address(action.address)} ${action.oldLength ?? '*'}`;
        return `mremap ${name === undefined ? '*' : this.#mappings.of(name)} ${from} ${action.length} ${remapBits(action)} ${target}`;
      }
      case 'mlockall':
        return `mlockall ${action.flags.reduce((sum, flag) => sum | { current: 1, future: 2, onfault: 4 }[flag], 0)}`;
      case 'munlockall':
        return 'munlockall';
    }
    const range = `${action.kind} ${this.#address(action.address)} ${action.length ?? '*'}`;
    switch (action.kind) {
      case 'mprotect':
        return `${range} ${protBits(action.protection)}`;
      case 'madvise': {
        const number = adviceNumbers[action.advice.toUpperCase()];
        if (number === undefined) throw new NotPossible(`the advice ${action.advice}`);
        return `${range} ${number}`;
      }
      case 'mlock':
        return `${range} ${action.onFault ? 1 : 0}`;
      case 'msync':
        return `${range} ${syncBits(action.flags)}`;
      case 'remap_file_pages':
        return `${range} ${action.offset >> 12n}`;
      case 'munmap':
      case 'munlock':
      case 'mincore':
        return range;
    }
  }

  #accessInstruction(actor: number, action: AccessAction): string {
    switch (action.kind) {
      case 'exec':
        return `exec ${this.#address(action.address)}`;
      case 'pin':
        return `pin ${this.#pins.of(action.pin)} ${this.#address(action.address)} ${action.length ?? '*'} ${action.write ? 'write' : 'read'}`;
      case 'unpin':
        return `unpin ${this.#pins.of(action.pin)}`;
      case 'read':
      case 'write':
        return this.#transfer(actor, action);
    }
  }

  #transfer(actor: number, action: Read | Write): string {
    const { kind, way = 'cpu', of } = action;
    const place = this.#address(action.address);
    const what = action.kind === 'read' ? this.#readLength(action) : this.#written(action);
    const owner = of === undefined ? actor : this.#actors.get(of);
    if (owner === undefined) throw new NotPossible(`the process ${of}`);
    switch (way) {
      case 'cpu':
        if (owner !== actor) throw new NotPossible('an access to the memory of another process');
        return action.kind === 'write' && (action.length ?? 4n) > 8n && !action.data
          ? `fill ${place} ${action.length} ${(action.value ?? someValue) & 0xffn}`
          : `${kind} ${place} ${what}`;
      case 'threads':
        throw new NotPossible('an access by two threads at the same moment');
      case 'syscall':
        return `${kind === 'read' ? 'copy-out' : 'copy-in'} ${place} ${what}`;
      case 'direct':
        return `direct ${kind} ${place} ${what}`;
      case 'ptrace':
      case 'mem':
      case 'process_vm':
        return `remote ${way} ${kind} ${owner} ${place} ${what}`;
    }
  }

  #readLength({ length }: Read): string {
    if (length > longest) throw new NotPossible('a read of more than 64 KiB');
    return String(length);
  }

  #written({ data, value = someValue, length = 4n }: Write): string {
    if (data) return this.#data(data);
    if (length > longest) throw new NotPossible('a write of more than 64 KiB');
    if (length <= 8n) return hexOf(bytesOfNumber(value, Number(length)));
    return hexOf(new Uint8Array(Number(length > 4096n ? 4096n : length)).fill(Number(value & 0xffn)));
  }
}

const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The instructions of a scenario; throws `NotPossible` for one that `init/` cannot perform. */
export function instructionsOf(statements: readonly Statement[]): readonly string[] {
  return new Translation().lines(statements);
}
