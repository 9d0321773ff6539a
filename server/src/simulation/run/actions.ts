/**
 * What a statement does: each action of a scenario as the system call or memory access of the mm model. Gives outcomes;
 * expectations and the trace are the run's business.
 */

import type { Driver } from '../../driver/model.ts';
import { errno } from '../../mm/errno.ts';
import { access, accessRange } from '../../mm/fault/access.ts';
import { get_file, type MmFile } from '../../mm/file.ts';
import {
  MAP_FIXED,
  MAP_LOCKED,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from '../../mm/flags.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail, type Outcome, ok } from '../../mm/outcome.ts';
import { KernelStop } from '../../mm/problem.ts';
import { close, exit } from '../../mm/syscalls/exit.ts';
import { fork } from '../../mm/syscalls/fork.ts';
import { type Madvice, madvice, madvise } from '../../mm/syscalls/madvise.ts';
import { mlock, munlock } from '../../mm/syscalls/mlock.ts';
import { mmap } from '../../mm/syscalls/mmap.ts';
import { mprotect } from '../../mm/syscalls/mprotect.ts';
import { mremap } from '../../mm/syscalls/mremap.ts';
import { munmap } from '../../mm/syscalls/munmap.ts';
import { pageAlign } from '../../mm/units.ts';
import type { Action, Protection, UserAddress } from '../scenario/model.ts';
import type { Device } from './device.ts';
import type { Processes } from './processes.ts';
import type { Session } from './session.ts';

/** What came of an action; `value` is what a read gave. */
export interface ActionResult {
  readonly outcome: Outcome;
  readonly value?: bigint;
  /** For an action that could not be tried: its mapping was never made. */
  readonly skipped?: string;
}

export class Actions {
  readonly #session: Session;
  readonly #device: Device;
  readonly #processes: Processes;
  /** The open file of each process, by its mm. */
  readonly #files = new Map<number, MmFile>();

  constructor(session: Session, device: Device, processes: Processes) {
    this.#session = session;
    this.#device = device;
    this.#processes = processes;
  }

  /** The address that a scenario means, in a process; `undefined` when its mapping does not exist. */
  addressOf(mm: Mm, { mapping, offset }: UserAddress): bigint | undefined {
    if (mapping === undefined) return offset;
    const found = this.#processes.mapping(mm, mapping);
    return found && found.start + offset;
  }

  /** Does it. A stop of the kernel inside a driver's function is an outcome like any other. */
  run(mm: Mm, action: Action): ActionResult {
    this.#session.currentMm = mm;
    try {
      return this.#run(mm, action);
    } catch (thrown) {
      if (!(thrown instanceof KernelStop)) throw thrown;
      return { outcome: { kind: 'stopped', problem: thrown.problem } };
    }
  }

  #run(mm: Mm, action: Action): ActionResult {
    switch (action.kind) {
      case 'kernel':
      case 'assume':
      case 'expect':
        return { outcome: ok() };
      case 'open':
        return this.#open(mm, action.mode);
      case 'mmap':
        return this.#mmap(mm, action);
      case 'read':
      case 'write':
        return this.#access(mm, action);
      case 'fork':
        return this.#fork(mm, action.child);
      case 'close':
        return this.#close(mm);
      case 'exit':
        return this.#exit(mm);
      case 'unplug':
        return this.#unplug();
      default:
        return this.#onRange(mm, action);
    }
  }

  #open(mm: Mm, mode: 'rw' | 'ro' | 'wo'): ActionResult {
    const file = this.#device.open({ read: mode !== 'wo', write: mode !== 'ro' });
    if ('error' in file) return { outcome: fail(Number(-file.error)) };
    this.#files.set(mm.id, file);
    return { outcome: ok() };
  }

  #close(mm: Mm): ActionResult {
    const file = this.#files.get(mm.id);
    if (!file) return skipped('nothing is open');
    this.#files.delete(mm.id);
    return { outcome: close(this.#session.system, mm, file).outcome };
  }

  #mmap(mm: Mm, action: Extract<Action, { kind: 'mmap' }>): ActionResult {
    const fixedAt = action.fixedAt && this.addressOf(mm, action.fixedAt);
    const file = this.#files.get(mm.id);
    if (!file) return skipped('nothing is open');
    if (action.fixedAt && fixedAt === undefined) return skipped(`${action.fixedAt.mapping} is not mapped`);
    this.#processes.making = action.mapping;
    const { outcome } = mmap(mm, {
      file,
      length: action.length,
      prot: protBits(action.protection),
      flags:
        (action.sharing === 'shared' ? MAP_SHARED : MAP_PRIVATE) |
        (action.fixedAt ? MAP_FIXED : 0) |
        (action.populate ? MAP_POPULATE : 0) |
        (action.locked ? MAP_LOCKED : 0),
      offset: action.offset,
      ...(fixedAt === undefined ? {} : { address: fixedAt }),
    });
    this.#processes.results.set(action.mapping, outcome);
    if (outcome.kind === 'ok') this.#processes.setMapping(mm, action.mapping, { start: outcome.value, length: pageAlign(action.length) });
    return { outcome };
  }

  #access(mm: Mm, action: Extract<Action, { kind: 'read' | 'write' }>): ActionResult {
    const address = this.addressOf(mm, action.address);
    if (address === undefined) return skipped(`${action.address.mapping} is not mapped`);
    if (action.kind === 'read' && action.length > 8n) return { outcome: accessRange(mm, address, action.length, 'read').outcome };
    if (action.kind === 'read') {
      const { outcome, reached } = access(mm, address, 'read', { length: Number(action.length) });
      return reached && outcome.kind === 'ok' ? { outcome, value: littleEndian(reached.bytes) } : { outcome };
    }
    const { outcome, reached } = access(mm, address, 'write', { bytes: bytesOf(action.value ?? 0x41414141n) });
    if (reached) this.#session.memory.userWrote(reached.pfn);
    return { outcome };
  }

  /** The address space goes first, then the descriptors (`do_exit`). */
  #exit(mm: Mm): ActionResult {
    const { outcome } = exit(mm);
    if (outcome.kind !== 'stopped') this.#close(mm);
    return { outcome };
  }

  #fork(mm: Mm, name: string): ActionResult {
    this.#processes.forking = { child: name, parent: mm.id };
    const { outcome, child } = fork(mm);
    this.#processes.forking = undefined;
    if (child) {
      this.#processes.add(name, child, mm);
      const file = this.#files.get(mm.id);
      if (file) {
        this.#files.set(child.id, get_file(file));
        file.descriptors += 1;
      }
    }
    return { outcome };
  }

  /** The removal of the device: the driver's remove function of any bus. */
  #unplug(): ActionResult {
    const remove = removeFunction(this.#session.driver);
    if (remove === undefined) return skipped('the files register no remove function');
    this.#session.runDriver('remove', remove, this.#session.argumentsFor(remove, {}));
    return { outcome: ok() };
  }

  #onRange(mm: Mm, action: Extract<Action, { kind: 'mprotect' | 'mremap' | 'munmap' | 'madvise' | 'mlock' | 'munlock' }>): ActionResult {
    const start = this.addressOf(mm, action.address);
    const name = action.address.mapping;
    if (start === undefined) return skipped(`${name} is not mapped`);
    const mapping = name === undefined ? undefined : this.#processes.mapping(mm, name);
    const rest = mapping ? mapping.start + mapping.length - start : 0n;
    switch (action.kind) {
      case 'mprotect':
        return { outcome: mprotect(mm, start, action.length ?? rest, protBits(action.protection)).outcome };
      case 'munmap':
        return { outcome: munmap(mm, start, action.length ?? rest).outcome };
      case 'mlock':
        return { outcome: mlock(mm, start, action.length ?? rest).outcome };
      case 'munlock':
        return { outcome: munlock(mm, start, action.length ?? rest).outcome };
      case 'madvise': {
        const advice = action.advice.toUpperCase();
        if (!(advice in madvice)) return { outcome: fail(errno.EINVAL) };
        return { outcome: madvise(mm, start, action.length ?? rest, advice as Madvice).outcome };
      }
      case 'mremap':
        return this.#mremap(mm, action, start, rest);
    }
  }

  #mremap(mm: Mm, action: Extract<Action, { kind: 'mremap' }>, start: bigint, rest: bigint): ActionResult {
    const fixedAt = action.fixedAt && this.addressOf(mm, action.fixedAt);
    if (action.fixedAt && fixedAt === undefined) return skipped(`${action.fixedAt.mapping} is not mapped`);
    const { outcome } = mremap(mm, {
      address: start,
      oldLength: action.oldLength ?? rest,
      newLength: action.length,
      flags:
        (action.mayMove || action.fixedAt ? MREMAP_MAYMOVE : 0) |
        (action.fixedAt ? MREMAP_FIXED : 0) |
        (action.dontUnmap ? MREMAP_DONTUNMAP | MREMAP_MAYMOVE : 0),
      ...(fixedAt === undefined ? {} : { newAddress: fixedAt }),
    });
    const { mapping, offset } = action.address;
    if (mapping !== undefined) {
      this.#processes.results.set(mapping, outcome);
      if (outcome.kind === 'ok' && offset === 0n)
        this.#processes.setMapping(mm, mapping, { start: outcome.value, length: pageAlign(action.length) });
    }
    return { outcome };
  }
}

/** The function that a bus calls when the device goes: `.remove` or `.disconnect` of any driver structure. */
function removeFunction(driver: Driver): string | undefined {
  for (const text of driver.files.values()) {
    for (const [, name = ''] of text.matchAll(/\.(?:remove|remove_new|disconnect)\s*=\s*&?(\w+)/g)) {
      if (driver.functions.has(name)) return name;
    }
  }
  return undefined;
}

function skipped(why: string): ActionResult {
  return { outcome: fail(errno.EBADF), skipped: why };
}

function protBits({ read, write, execute }: Protection): number {
  return (read ? PROT_READ : 0) | (write ? PROT_WRITE : 0) | (execute ? PROT_EXEC : 0);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
}

function bytesOf(value: bigint): Uint8Array {
  const number = BigInt.asUintN(32, value);
  return Uint8Array.from({ length: 4 }, (_, index) => Number((number >> BigInt(8 * index)) & 0xffn));
}
