/** A small machine for the tests of the model: one process, one driver with one buffer. */
import { parseVersion } from '../../server/src/kernel/version.ts';
import * as mm from '../../server/src/mm/index.ts';

export const page = mm.PAGE_SIZE;

/** A machine of one kernel version. */
export function machine(version = '6.12', config: Partial<mm.SystemConfig> = {}): mm.System {
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(`no version: ${version}`);
  return new mm.System(parsed, config);
}

export interface Bench {
  readonly system: mm.System;
  readonly process: mm.Mm;
  readonly file: mm.MmFile;
}

/** A process with a device file open for reading and, unless said otherwise, writing. */
export function bench(handler: (vma: mm.Vma) => number, options: { version?: string; write?: boolean; read?: boolean } = {}): Bench {
  const system = machine(options.version);
  const process = system.createProcess();
  const file = system.openFile({
    name: '/dev/test',
    ops: { table: 'test_fops', mmap: (_file, vma) => handler(vma) },
    read: options.read ?? true,
    write: options.write ?? true,
  });
  return { system, process, file };
}

export const rw = mm.PROT_READ | mm.PROT_WRITE;

/** Maps `pages` pages of the bench's file and gives the result; throws away nothing. */
export function map(b: Bench, pages: number, prot = rw, flags = mm.MAP_SHARED, more: Partial<mm.MmapRequest> = {}): mm.UserResult {
  return mm.mmap(b.process, { file: b.file, length: BigInt(pages) * page, prot, flags, ...more });
}

/** The address of a mapping that must have worked. */
export function mapped(result: mm.UserResult): bigint {
  if (result.outcome.kind !== 'ok')
    throw new Error(`mmap failed: ${JSON.stringify(result, (_key, value) => (typeof value === 'bigint' ? String(value) : value))}`);
  return result.outcome.value;
}

/** `ok`, an error name, a signal, or the kind of problem that stopped the kernel. */
export function brief(result: mm.UserResult): string {
  const outcome = result.outcome;
  switch (outcome.kind) {
    case 'ok':
      return 'ok';
    case 'error':
      return outcome.name;
    case 'signal':
      return outcome.signal;
    case 'stopped':
      return outcome.problem.kind;
  }
}

/** The kinds of problems of a result. */
export function problems(result: mm.UserResult): readonly string[] {
  return result.problems.map((problem) => problem.kind);
}

/** The vma at an address, which must exist. */
export function vmaAt(b: Bench, address: bigint): mm.Vma {
  const vma = b.process.lookup(address);
  if (!vma) throw new Error(`no vma at ${address}`);
  return vma;
}

/** `result`, after something was noted: for callbacks that count their calls. */
export function noting(_noted: unknown, result: number): number {
  return result;
}
