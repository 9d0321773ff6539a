/**
 * `get_user_pages` and its relatives: pages of the program's memory for the driver, through the mm model. The lists of
 * pages are arrays of `struct page *` in the driver's memory.
 */
import { elementAt } from '../../execution/place.ts';
import { constant } from '../../execution/term.ts';
import { atLeast } from '../../kernel/version.ts';
import { getUserPages, getUserPagesFast, releaseUserPages, type UserPages } from '../../mm/calls/user-pages.ts';
import type { GupFlags } from '../../mm/fault/user-pages.ts';
import { access_remote_vm } from '../../mm/syscalls/gup.ts';
import { PAGE_SIZE } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { pfnOfPage } from './fields.ts';
import { structType } from './objects.ts';
import { bytesAt, putBytes } from './text-bytes.ts';
import { intValue, nothing, placeOf } from './values.ts';

const pagePointer = { kind: 'pointer', to: structType('page') } as const;
const pointerBytes = 8;

/** More pages than this are not asked for at once. */
const maximumPages = 4096n;

/** FOLL_* bits that change what is seen; renumbered in 6.3. */
function flagsOf(context: CallContext, bits: bigint, pin: boolean): GupFlags {
  const isNew = atLeast(context.system.version, 6, 3);
  return {
    write: (bits & 1n) !== 0n,
    force: (bits & (isNew ? 0x8n : 0x10n)) !== 0n,
    longterm: (bits & (isNew ? 0x100n : 0x1_0000n)) !== 0n,
    pin,
    fast: context.call.name.endsWith('_fast'),
  };
}

/** Where a call has the start address, the number of pages, the flags and the list. */
interface Shape {
  readonly start: number;
  readonly count: number;
  readonly flags: number;
  readonly pages: number;
  readonly pin: boolean;
  readonly fast: boolean;
}

const local = { start: 0, count: 1, flags: 2, pages: 3 };
const remote = { start: 1, count: 2, flags: 3, pages: 4 };

/** `access_process_vm(task, address, buffer, length, flags)`: the bytes that were moved; pages that cannot be had end it. */
const accessProcess: KernelCall = (context) => {
  const address = context.ulong(1);
  const buffer = context.place(2);
  const length = context.ulong(3);
  if (address === undefined || !buffer || length === undefined || length > PAGE_SIZE * maximumPages) return undefined;
  const { memory } = context.environment;
  const flags = flagsOf(context, context.ulong(4) ?? 0n, false);
  const isWrite = flags.write === true;
  const bytes = isWrite ? bytesAt(memory, buffer, Number(length)) : new Uint8Array(Number(length));
  if (!bytes) return undefined;
  const { objects, currentMm } = context.environment;
  const [task, mm] = [objects.pointed(context.argument(0), 'task'), objects.pointed(context.argument(0), 'mm')];
  const done = access_remote_vm(task?.mm ?? mm?.mm ?? currentMm(), address, bytes, flags);
  if (!isWrite) putBytes(memory, buffer, bytes.subarray(0, done));
  return intValue(done);
};

function get({ start, count, flags, pages, pin, fast }: Shape): KernelCall {
  return (context) => {
    const address = context.ulong(start);
    const number = context.ulong(count);
    const bits = context.ulong(flags);
    if (address === undefined || number === undefined || bits === undefined) return undefined;
    const mm = context.environment.objects.pointed(context.argument(0), 'mm')?.mm ?? context.environment.currentMm();
    const many = Number(number > maximumPages ? maximumPages : number);
    const got: UserPages = (fast ? getUserPagesFast : getUserPages)(mm, address, many, flagsOf(context, bits, pin));
    const list = placeOf(context.argument(pages));
    if (list) {
      for (const [index, pfn] of got.pfns.entries()) {
        const at = elementAt(list, constant(index), pointerBytes, pagePointer);
        context.machine.write(at, context.environment.objects.page(pfn), context.call.span);
      }
    }
    return intValue(got.result);
  };
}

/** The pfns of a list of struct page pointers. */
export function listedPages(context: CallContext, index: number, count: bigint): readonly bigint[] {
  const place = placeOf(context.argument(index));
  if (!place) return [];
  const pfns: bigint[] = [];
  for (let at = 0n; at < count && at < maximumPages; at++) {
    const value = context.machine.read(elementAt(place, constant(at), pointerBytes, pagePointer), pagePointer);
    const pfn = pfnOfPage(value, context.environment.objects);
    if (pfn !== undefined) pfns.push(pfn);
  }
  return pfns;
}

/** `unpin_user_pages(pages, n)` and its like; `dirty` is the argument that says so. */
function release(pin: boolean, dirty?: number): KernelCall {
  return (context) => {
    const count = context.ulong(1);
    if (count === undefined) return undefined;
    const isDirty = dirty !== undefined && (context.number(dirty) ?? 0n) !== 0n;
    releaseUserPages(context.system, listedPages(context, 0, count), { pin }, isDirty);
    return nothing;
  };
}

const unpinOne: KernelCall = (context) => {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  releaseUserPages(context.system, [pfn], { pin: true }, false);
  return nothing;
};

export const userPageCalls: KernelCallTable = {
  access_process_vm: accessProcess,
  access_remote_vm: accessProcess,
  get_user_pages: get({ ...local, pin: false, fast: false }),
  get_user_pages_unlocked: get({ start: 0, count: 1, pages: 2, flags: 3, pin: false, fast: true }),
  get_user_pages_fast: get({ ...local, pin: false, fast: true }),
  get_user_pages_remote: get({ ...remote, pin: false, fast: false }),
  pin_user_pages: get({ ...local, pin: true, fast: false }),
  pin_user_pages_unlocked: get({ start: 0, count: 1, pages: 2, flags: 3, pin: true, fast: true }),
  pin_user_pages_fast: get({ ...local, pin: true, fast: true }),
  pin_user_pages_remote: get({ ...remote, pin: true, fast: false }),
  unpin_user_page: unpinOne,
  unpin_user_pages: release(true),
  unpin_user_pages_dirty_lock: release(true, 2),
  release_pages: release(false),
};
