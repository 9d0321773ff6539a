/**
 * Handlers that refuse an access when the mapping is made, and leave the flag with which mprotect(2) gives it afterwards: writing
 * with VM_WRITE and VM_MAYWRITE, running with VM_EXEC and VM_MAYEXEC.
 */
import type { Condition, EntryAnalysis, Path } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import type { Driver } from '../../../driver/model.ts';
import { unsignedLong } from '../../../execution/ctype.ts';
import { constant, type Term } from '../../../execution/term.ts';
import { binary, compare } from '../../../execution/term-build.ts';
import { evaluate, symbolsOf } from '../../../execution/term-evaluate.ts';
import { slotFact } from '../../../kernel/lookup.ts';
import { VM_READ, VM_SHARED } from '../../../kernel/vma-bits.ts';
import type { Report, ReportFix } from '../../rule.ts';
import { clearFlag, insertingBehind, noFix, statementAround, textAt } from '../fixes/fixes.ts';
import { endOf, find, type Moment } from '../questions.ts';
import { maySucceed } from '../results/outcomes.ts';
import { returnedBy } from '../results/returned-by-if.ts';
import { witnessOf } from '../witness.ts';

export interface Access {
  /** What the handler refuses: `VM_WRITE`. */
  readonly refused: bigint;
  /** The flag that mprotect(2) asks: `VM_MAYWRITE`. */
  readonly asked: string;
  /** All that mprotect(2) and a harmful mapping need: `VM_MAYWRITE | VM_SHARED`. */
  readonly left: bigint;
  readonly message: string;
  /** What a program does to a mapping without the access, and gets, in lines of a scenario. */
  readonly shows: readonly string[];
}

/** A report on the check of each such handler. */
export function accessLeft(driver: Driver, entries: readonly EntryAnalysis[], access: Access): readonly Report[] {
  return entries.flatMap((entry): readonly Report[] => {
    const { handler } = entry.entry;
    const flags = entry.symbols.flags?.term;
    if (handler?.kind !== 'mmap' || !flags || isClearedByCaller(handler.slot, access.asked)) return [];
    if (!entry.paths.some(({ conditions }) => conditions.some((condition) => refuses(condition, flags, access.refused)))) return [];
    // A private mapping may be let through with it, where only what is shared harms.
    const harmful = access.refused | (access.left & VM_SHARED);
    if (!isRefused(entry, flags, (bits) => (bits & harmful) === harmful)) return [];
    const succeeding = entry.paths.filter((path) => maySucceed(entry, path));
    if (succeeding.length === 0) return [];
    if (succeeding.some((path) => mayHaveAsked(path, flags))) return [];
    if (succeeding.some((path) => canBe(entry, path, has(flags, harmful)))) return refusedOfSome(driver, entry, succeeding, flags, access);
    for (const path of succeeding) {
      const end = endOf(entry, path);
      const check = path.conditions.find((condition) => refuses(condition, flags, access.refused));
      if (!check || !end || end.event.vma?.known === false) continue;
      const model = readable(end, flags, [has(end.event.vma?.flags ?? flags, access.left)]);
      if (model === 'none') continue;
      return [
        {
          file: check.file,
          span: check.span,
          function: check.function,
          handler,
          message: access.message,
          related: [],
          fixes: clearing(driver, check, access.asked),
          witness: typeof model === 'string' ? undefined : witnessOf(end, model, { then: access.shows }),
        },
      ];
    }
    return [];
  });
}

/** Whether the subsystem clears the flag itself where the access was not asked for. */
function isClearedByCaller(name: string, flag: string): boolean {
  const [container = '', slot = ''] = name.split('.');
  return slotFact(container, slot)?.mayFlagsCleared.includes(flag) ?? false;
}

/**
 * A handler that refuses the access to some of its memory: `if (region is read-only && (vma->vm_flags & VM_WRITE)) return -EPERM`,
 * or the same test alone in a branch of its own. Where everything else that led there holds, no way with the access succeeds, and one without it leaves the flag.
 */
function refusedOfSome(driver: Driver, entry: EntryAnalysis, succeeding: readonly Path[], flags: Term, access: Access): readonly Report[] {
  const own = symbolsOf(flags);
  const isOfFlags = ({ term }: Condition): boolean => [...symbolsOf(term).keys()].some((id) => own.has(id));
  const reports = new Map<number, Report>();
  for (const path of entry.paths) {
    const last = path.conditions.at(-1);
    if (!last || succeeding.includes(path)) continue;
    const test = path.conditions.filter((each) => each.function === last.function && last.span.start - each.span.start < longestTest);
    const check = test.find((condition) => isOfFlags(condition) && refuses(condition, flags, access.refused));
    const memory = path.conditions.filter((condition) => !isOfFlags(condition)).map(({ term }) => query.computed(term));
    if (!check || reports.has(check.span.start) || memory.length === 0 || canBe(entry, path, lacks(flags, access.refused))) continue;
    if (succeeding.some((each) => canBe(entry, each, ...memory, has(flags, access.refused)))) continue;
    const left = wayLeaving(entry, succeeding, flags, access, memory);
    if (!left) continue;
    reports.set(check.span.start, {
      file: check.file,
      span: check.span,
      function: check.function,
      handler: entry.entry.handler,
      message: access.message,
      related: [],
      fixes: clearingOfSome(driver, check, access.asked),
      witness: typeof left.model === 'string' ? undefined : witnessOf({ entry, ...left }, left.model, { then: access.shows }),
    });
  }
  return [...reports.values()];
}

/** A way that succeeds for such memory without the access, and leaves the flag; with the values that take it. */
function wayLeaving(entry: EntryAnalysis, succeeding: readonly Path[], flags: Term, access: Access, memory: readonly query.Goal[]) {
  for (const path of succeeding) {
    const end = endOf(entry, path);
    if (!end || end.event.vma?.known === false) continue;
    const { event } = end;
    const goal = has(event.vma?.flags ?? flags, access.left);
    const model = readable(end, flags, [...memory, goal, lacks(flags, access.refused)]);
    if (model !== 'none') return { path, event, model };
  }
  return undefined;
}

/** Values that take the path to its end and meet the goals: those of a readable mapping of an ordinary device, if there are any. */
function readable(end: Moment, flags: Term, goals: readonly query.Goal[]): query.SearchResult {
  const { entry, path } = end;
  const any = query.findModel(entry, path, path.conditions.length, goals);
  return any === 'none' ? any : (find(end, [...goals, has(flags, VM_READ)]) ?? find(end, goals) ?? any);
}

/** Characters from the first to the last condition of one `if`. */
const longestTest = 120;

/**
 * Whether no path that nobody has looked at may let these flags through: there is none, or the handler fails for each of them by what
 * it asks of the flags alone.
 */
export function isRefused(entry: EntryAnalysis, flags: Term, wanted: (bits: bigint) => boolean): boolean {
  if (entry.complete) return true;
  const [id, ...others] = symbolsOf(flags).keys();
  const domain = id === undefined || others.length > 0 ? undefined : entry.domains.get(id);
  if (id === undefined || !domain) return false;
  const refusing = entry.paths.filter(
    (path) => path.conditions.every(({ term }) => [...symbolsOf(term).keys()].every((each) => each === id)) && !maySucceed(entry, path),
  );
  return domain.every((bits) => {
    const model = new Map([[id, bits]]);
    const isTaken = ({ conditions }: Path): boolean => conditions.every(({ term }) => evaluate(term, model)?.wrapped !== 0n);
    return !wanted(bits) || refusing.some(isTaken);
  });
}

/** Whether something unknown on the path may have judged the flags. */
export function mayHaveAsked({ doubts }: Path, flags: Term): boolean {
  const own = symbolsOf(flags);
  return doubts.some(({ asked }) => asked?.some((id) => own.has(id)) ?? true);
}

export function has(flags: Term, bits: bigint): query.Goal {
  return query.computed(compare('eq', unsignedLong, binary('and', unsignedLong, flags, constant(bits)), constant(bits)));
}

export function lacks(flags: Term, bits: bigint): query.Goal {
  return query.computed(compare('eq', unsignedLong, binary('and', unsignedLong, flags, constant(bits)), constant(0)));
}

export function canBe(entry: EntryAnalysis, path: Path, ...goals: readonly query.Goal[]): boolean {
  return query.findModel(entry, path, path.conditions.length, goals) !== 'none';
}

/** A condition on the flags that mmap(2) passed, and on the refused one among them. */
export function refuses({ term }: Condition, flags: Term, refused: bigint): boolean {
  const own = symbolsOf(flags);
  return [...symbolsOf(term).keys()].some((id) => own.has(id)) && mentions(term, refused);
}

function mentions(term: Term, bit: bigint): boolean {
  if (term.kind === 'constant') return (term.value & bit) === bit && term.value < 1n << 32n;
  return term.kind === 'operation' && term.operands.some((operand) => mentions(operand, bit));
}

/** Behind an `if` that does nothing but refuse the mapping. */
function clearing(driver: Driver, { file, span }: Condition, flag: string): readonly ReportFix[] {
  const at = statementAround(driver, { file, span })?.statement;
  const vma = /([\w>.-]+)->vm_flags/.exec(textAt(driver, { file, span }))?.[1];
  if (at?.kind !== 'if' || at.otherwise || !returnedBy(at.then) || vma === undefined || span.end > at.test.span.end) return noFix;
  return insertingBehind(driver, { file, span: at.span }, [clearFlag(driver, vma, flag)], { title: `Clear ${flag}` });
}

/** Behind an `if` that refuses the access to some memory and does nothing else: clears the flag of such memory. */
function clearingOfSome(driver: Driver, { file, span }: Condition, flag: string): readonly ReportFix[] {
  const at = statementAround(driver, { file, span })?.statement;
  const vma = /([\w>.-]+)->vm_flags/.exec(textAt(driver, { file, span }))?.[1];
  if (at?.kind !== 'if' || at.otherwise || !returnedBy(at.then) || vma === undefined) return noFix;
  const { test } = at;
  if (test.kind !== 'binary' || test.operator !== '&&' || !(test.right.span.start <= span.start && span.end <= test.right.span.end))
    return noFix;
  const memory = textAt(driver, { file, span: test.left.span });
  if (memory.includes('\n') || /\bvm_flags\b/.test(memory)) return noFix;
  return insertingBehind(driver, { file, span: at.span }, [`if (${memory})`, `\t${clearFlag(driver, vma, flag)}`], {
    title: `Clear ${flag}`,
  });
}
