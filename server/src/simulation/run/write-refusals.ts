/**
 * Watches for data that a driver gives out read-only and that a program can make writable all the same: the handler refuses a
 * writable shared mapping, or takes `VM_WRITE` away, but leaves `VM_MAYWRITE`, which mprotect(2) then believes. Reads vmas and
 * results; changes nothing.
 */
import { VM_SHARED, VM_WRITE } from '../../kernel/vma-bits.ts';
import type { Mm } from '../../mm/mm.ts';
import { hex, pageOf } from '../../mm/units.ts';
import type { Vma } from '../../mm/vma.ts';
import type { MappingAction, Protection } from '../scenario/model.ts';
import type { ActionContext, ActionResult } from './context.ts';

/** What drivers answer to who may not write. */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EINVAL', 'EROFS']);

interface Known {
  readonly offset: bigint;
  readonly length: bigint;
  readonly protection: Protection;
}

/** Whether one asks for the same pages, and for nothing else beside writing. */
function differsInWriting(left: Known, right: Known): boolean {
  const isSame = left.offset === right.offset && left.length === right.length;
  return isSame && left.protection.read === right.protection.read && left.protection.execute === right.protection.execute;
}

export class WriteRefusals {
  readonly #context: ActionContext;
  readonly #refused: (Known & { readonly errno: string })[] = [];
  /** Shared mappings that were made, or left by the handler, without `VM_WRITE`. */
  readonly #readOnly: (Known & { readonly mm: Mm; readonly start: bigint; readonly taken: boolean })[] = [];

  constructor(context: ActionContext) {
    this.#context = context;
  }

  /** Looks at what came of a statement. `wasCalled`: the driver's handler ran in it. */
  after(mm: Mm, action: MappingAction, { outcome }: ActionResult, wasCalled: boolean): void {
    if (action.kind === 'mprotect' && action.protection.write && outcome.kind === 'ok') return this.#madeWritable(mm, action);
    if (action.kind !== 'mmap' || action.sharing === 'private' || action.anonymous || !wasCalled) return;
    const offset = this.#context.amountOf(mm, action.offset);
    if (offset === undefined) return;
    const known = { offset, length: action.length, protection: action.protection };
    // Where the pages are mapped already, it may be the second mapping that is refused.
    const isSecond = this.#readOnly.some((each) => each.offset === offset && each.length === action.length);
    if (outcome.kind === 'error' && action.protection.write && refusals.has(outcome.name) && !(isSecond && outcome.name === 'EINVAL'))
      this.#refused.push({ ...known, errno: outcome.name });
    if (outcome.kind !== 'ok') return;
    const vma = mm.lookup(outcome.value);
    if (!vma || (vma.vm_flags & VM_WRITE) !== 0n) return;
    this.#readOnly.push({ ...known, mm, start: outcome.value, taken: action.protection.write });
  }

  #madeWritable(mm: Mm, action: Extract<MappingAction, { kind: 'mprotect' }>): void {
    const start = this.#context.addressOf(mm, action.address);
    const vma = start === undefined ? undefined : mm.lookup(start);
    if (!vma || start === undefined || (vma.vm_flags & (VM_WRITE | VM_SHARED)) !== (VM_WRITE | VM_SHARED)) return;
    const mapping = this.#readOnly.find((each) => each.mm === mm && start >= each.start && start < each.start + each.length);
    if (!mapping) return;
    const refused = this.#refused.find((each) => differsInWriting(each, mapping));
    if ((!refused && !mapping.taken) || !holdsPages(mm, vma)) return;
    const how = refused
      ? `The driver answers a writable mapping of the same pages with ${refused.errno}`
      : 'The driver takes VM_WRITE away when the pages are mapped';
    this.#context.session.recorder.problem(
      'write-not-prevented',
      `mprotect(2) makes ${hex(start)} writable for the program. ${how}, but leaves VM_MAYWRITE set, and that is the flag that mprotect(2) asks. Clear it in the mmap handler.`,
    );
  }
}

/** Whether there is anything to write: pages that are mapped, or a handler that gives some when they are touched. */
function holdsPages(mm: Mm, { vm_ops, vm_start, vm_end }: Vma): boolean {
  if (vm_ops?.fault || vm_ops?.huge_fault) return true;
  return mm.table.slice(pageOf(vm_start), pageOf(vm_end)).length > 0;
}
