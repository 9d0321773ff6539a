/**
 * Handlers that refuse an access when the mapping is made, and leave the flag with which mprotect(2) gives it afterwards: writing
 * with VM_WRITE and VM_MAYWRITE, running with VM_EXEC and VM_MAYEXEC.
 */
import type { Condition, EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant, type Term } from '../../execution/term.ts';
import { binary, compare } from '../../execution/term-build.ts';
import { symbolsOf } from '../../execution/term-evaluate.ts';
import type { Report } from '../rule.ts';
import { maySucceed } from './outcomes.ts';

export interface Access {
  /** What the handler refuses: `VM_WRITE`. */
  readonly refused: bigint;
  /** All that mprotect(2) and a harmful mapping need: `VM_MAYWRITE | VM_SHARED`. */
  readonly left: bigint;
  readonly message: string;
}

/** A report on the check of each such handler. */
export function accessLeft(entries: readonly EntryAnalysis[], access: Access): readonly Report[] {
  return entries.flatMap((entry): Report[] => {
    const { handler } = entry.entry;
    const flags = entry.symbols.flags?.term;
    if (handler?.kind !== 'mmap' || !flags || !entry.complete) return [];
    const succeeding = entry.paths.filter((path) => maySucceed(entry, path));
    if (succeeding.length === 0 || succeeding.some((path) => path.doubts.length > 0 || canBe(entry, path, has(flags, access.refused))))
      return [];
    for (const path of succeeding) {
      const last = path.events.at(-1);
      const check = path.conditions.find((condition) => refuses(condition, flags, access.refused));
      const end = last?.vma?.flags ?? flags;
      if (!check || last?.vma?.known === false || !canBe(entry, path, has(endFlags(last, end), access.left))) continue;
      return [
        {
          file: check.file,
          span: check.span,
          function: check.function,
          handler,
          message: access.message,
          related: [],
          fixes: [],
        },
      ];
    }
    return [];
  });
}

/** What the flags are when the handler returns: its last event may be the one that changes them. */
function endFlags(last: PathEvent | undefined, before: Term): Term {
  if (last?.kind === 'write' && /(?:->|\.)vm_flags$/.test(last.name) && last.value.kind === 'integer') return last.value.term;
  if (last?.kind === 'call' && (last.name === 'vm_flags_clear' || last.name === 'vm_flags_mod')) {
    const cleared = last.arguments[last.name === 'vm_flags_clear' ? 1 : 2];
    if (cleared?.kind === 'integer')
      return binary('and', unsignedLong, before, binary('xor', unsignedLong, cleared.term, constant(0xffff_ffff_ffff_ffffn)));
  }
  return before;
}

function has(flags: Term, bits: bigint): query.Goal {
  return query.computed(compare('eq', unsignedLong, binary('and', unsignedLong, flags, constant(bits)), constant(bits)));
}

function canBe(entry: EntryAnalysis, path: Path, goal: query.Goal): boolean {
  return query.findModel(entry, path, path.conditions.length, [goal]) !== 'none';
}

/** A condition on the flags that mmap(2) passed, and on the refused one among them. */
function refuses({ term }: Condition, flags: Term, refused: bigint): boolean {
  const own = symbolsOf(flags);
  return [...symbolsOf(term).keys()].some((id) => own.has(id)) && mentions(term, refused);
}

function mentions(term: Term, bit: bigint): boolean {
  if (term.kind === 'constant') return (term.value & bit) === bit && term.value < 1n << 32n;
  return term.kind === 'operation' && term.operands.some((operand) => mentions(operand, bit));
}
