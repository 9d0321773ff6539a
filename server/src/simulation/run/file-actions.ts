/** Statements about file descriptors: open, close and what the driver's file operations do. */
import { errno } from '../../mm/errno.ts';
import { fput, type MmFile } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail, ok, userAction } from '../../mm/outcome.ts';
import { close } from '../../mm/syscalls/exit.ts';
import type { System } from '../../mm/system.ts';
import type { FileAction, OpenFlag } from '../scenario/model.ts';
import { type ActionContext, type ActionResult, notMapped, skipped } from './context.ts';
import { bytesOf } from './data.ts';
import { look } from './look.ts';

type Open = Extract<FileAction, { kind: 'open' }>;
type Ioctl = Extract<FileAction, { kind: 'ioctl' }>;
type Pread = Extract<FileAction, { kind: 'pread' }>;
type Pwrite = Extract<FileAction, { kind: 'pwrite' }>;

/** `O_*` on x86-64. */
const openFlagBits: Readonly<Record<OpenFlag, number>> = { excl: 0x80, append: 0x400, nonblock: 0x800, direct: 0x4000, sync: 0x10_1000 };

const whence = { set: 0, cur: 1, end: 2 } as const;

/** Transfers of more bytes are cut, as a program with a buffer of this size would. */
const largestTransfer = 1n << 20n;

/** Does a statement about a file descriptor of the process. */
export function runFileAction(context: ActionContext, mm: Mm, action: FileAction): ActionResult {
  if (action.kind === 'open') return open(context, mm, action);
  const file = context.descriptors.file(mm, action.of);
  if (!file) return skipped(action.of === undefined ? 'nothing is open' : `${action.of} is not open`);
  switch (action.kind) {
    case 'dup':
      context.descriptors.duplicate(mm, file, action.file);
      context.processes.results.set(action.file, ok());
      return { outcome: ok() };
    case 'close':
      context.descriptors.take(mm, action.of);
      return { outcome: close(context.session.system, mm, file).outcome };
    case 'ioctl':
      return ioctl(context, mm, file, action);
    case 'pread':
      return pread(context, mm, file, action);
    case 'pwrite':
      return pwrite(context, mm, file, action);
    case 'lseek':
      return { outcome: context.device.llseek(file, action.offset, whence[action.whence]) };
    case 'poll':
      return poll(context, file);
  }
}

/** `do_dentry_open`: the address space of a device file has no `direct_IO`, so that O_DIRECT is refused after the driver's open. */
function refuseDirect(system: System, mm: Mm, file: MmFile): { readonly error: bigint } {
  userAction(system, mm, () => {
    file.descriptors = 0;
    fput(system, file);
    return ok();
  });
  return { error: BigInt(-errno.EINVAL) };
}

function open({ device, descriptors, processes, session }: ActionContext, mm: Mm, { mode, file: name, flags = [] }: Open): ActionResult {
  const bits = flags.reduce((sum, flag) => sum | openFlagBits[flag], 0);
  const opened = device.open({ read: mode !== 'wo', write: mode !== 'ro', flags: bits });
  const file = 'error' in opened || !flags.includes('direct') ? opened : refuseDirect(session.system, mm, opened);
  const outcome = 'error' in file ? fail(Number(-file.error)) : ok();
  if (!('error' in file)) descriptors.add(mm, file, name);
  if (name !== undefined) processes.results.set(name, outcome);
  return { outcome };
}

/** The closes of exit(2): every descriptor, in the order of opening. */
export function closeAll({ session, descriptors }: ActionContext, mm: Mm): void {
  for (let file = descriptors.takeFirst(mm); file; file = descriptors.takeFirst(mm)) close(session.system, mm, file);
}

function poll({ device }: ActionContext, file: MmFile): ActionResult {
  const outcome = device.poll(file);
  return outcome.kind === 'ok' ? { outcome, value: outcome.value } : { outcome };
}

function ioctl(context: ActionContext, mm: Mm, file: MmFile, action: Ioctl): ActionResult {
  const data = action.data && bytesOf(action.data, (amount) => context.amountOf(mm, amount));
  if (action.data && !data) return skipped('what the argument should hold is not in memory');
  const address = data && context.buffers.put(mm, data, action.buffer);
  if (data && address === undefined) return skipped(noMemory);
  const argument = address ?? (action.argument === undefined ? 0n : context.amountOf(mm, action.argument));
  if (argument === undefined) return skipped('what the argument should be is not in memory');
  const outcome = context.device.ioctl(file, action.command, argument);
  if (action.buffer !== undefined) context.processes.results.set(action.buffer, outcome);
  const bytes = data && look(mm, argument, data.length);
  return { outcome, ...(bytes ? { bytes } : {}) };
}

const noMemory = 'the program has no memory left for it';

function pread(context: ActionContext, mm: Mm, file: MmFile, action: Pread): ActionResult {
  const length = action.length > largestTransfer ? largestTransfer : action.length;
  const given = action.into && context.addressOf(mm, action.into);
  if (action.into && given === undefined) return notMapped(action.into);
  const address = given ?? context.buffers.put(mm, new Uint8Array(Number(length)), action.buffer);
  if (address === undefined) return skipped(noMemory);
  const outcome = context.device.read(file, { address, length, position: action.offset });
  if (action.buffer !== undefined) context.processes.results.set(action.buffer, outcome);
  const done = outcome.kind === 'ok' && outcome.value <= length ? Number(outcome.value) : 0;
  const bytes = done > 0 ? look(mm, address, done) : undefined;
  return { outcome, ...(bytes ? { bytes } : {}) };
}

function pwrite(context: ActionContext, mm: Mm, file: MmFile, action: Pwrite): ActionResult {
  const data = action.data && bytesOf(action.data, (amount) => context.amountOf(mm, amount));
  if (action.data && !data) return skipped('what should be written is not in memory');
  const given = action.from && context.addressOf(mm, action.from);
  if (action.from && given === undefined) return notMapped(action.from);
  const address = given ?? context.buffers.put(mm, data ?? new Uint8Array());
  if (address === undefined) return skipped(noMemory);
  const length = action.length ?? BigInt(data?.length ?? 0);
  return { outcome: context.device.write(file, { address, length, position: action.offset }) };
}
