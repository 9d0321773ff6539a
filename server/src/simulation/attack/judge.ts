/**
 * Whether a problem is the driver's fault, or follows from a value that nobody shows. Values that the files do not tell are
 * changed: lengths that only the model has made up are taken to be large, guesses take their other values. A problem that
 * stays is the driver's; one that goes away depends on the value, and is reported as such. Reads trials; knows no statement.
 */
import { atLeast } from '../../kernel/version.ts';
import { isAfterLastPut, letGo } from '../run/oops.ts';
import { type FailureKind, failureOfCall } from '../scenario/failing-calls.ts';
import type { PlannedStatement } from '../scenario/format.ts';
import { isOutside, type Wishes } from '../state/assumptions.ts';
import { isUserCount } from '../state/choices.ts';
import { isNoError } from '../world/fault-codes.ts';
import { isKeptReference } from '../world/kept-references.ts';
import { isOrderProblem } from '../world/lock-order.ts';
import type { Shape } from './shapes.ts';
import type { Program, Trial, Trials } from './trial.ts';

/** `likely`: no assumed value decides. `possible`: it depends on one, which `because` names. */
export type Judgement = { readonly confidence: 'likely' } | { readonly confidence: 'possible'; readonly because: string };

/** Problems of reaching memory that is not there or not the driver's: how much there is decides. */
const aboutSizes: ReadonlySet<string> = new Set(['foreign-memory', 'outside-vma', 'oops', 'use-after-free', 'uninitialised-memory']);

/** Problems that a wrong value of a state, a count or a pointer brings about as easily as a mistake. */
const aboutState: ReadonlySet<string> = new Set([
  'oops',
  'driver-bug',
  'bad-return',
  'bad-vma-change',
  'bad-page-state',
  'refcount-underflow',
  'use-after-free',
  'freed-while-mapped',
  'endless-fault',
  'deadlock',
  'leak',
]);

/** Problems of a run that shows nothing of whether another problem depends on a value; the second of what a last put takes away. */
const worthless: ReadonlySet<string> = new Set(['bad-return']);
const worthlessAfterLastPut: ReadonlySet<string> = new Set(['bad-return', 'oops']);

/** How calls fail that want memory for a page table, and for nothing else. */
const forPageTable: ReadonlySet<FailureKind | undefined> = new Set(['error', 'fault'] as const);

/** Other values are tried for so many guesses. */
const mostGuesses = 16;
/** More values that are other than the likeliest ones make a state that hardly any driver is in. */
const mostSought = 9;

/** `problems`: kinds that the usual mapping runs into as well, with nothing hostile in it. */
export interface JudgeOptions {
  readonly trials: Trials;
  readonly usual: ReadonlySet<string>;
  /** Whoever stands before the machine can unplug the device. */
  readonly canBePulled: boolean;
  /** The mmap handler is in another file. */
  readonly isTable: boolean;
  /** What the usual program maps. */
  readonly mapping: Shape | undefined;
  /** Of the problem. */
  readonly message: string;
  /** What all trials take for values that are not known. */
  readonly wishes: Wishes;
}

/** `program` shows the problem `key`, of the kind `kind`, in `trial`. */
export function judge(trial: Trial, kind: string, key: string, options: JudgeOptions): Judgement {
  const { program, run } = trial;
  const guesses = guessesOf(run);
  if (options.isTable && options.mapping && mapsOtherwise(program, options.mapping))
    return possible('the mmap handler, which may refuse such a mapping, is in another file');
  if (kind === 'read-only-write' && options.message.includes('CVE-2015-3288'))
    return possible('it is a bug of this kernel, which 4.2 mended');
  if (lacksPageTable(trial))
    return possible('page tables count against no limit of a program before 4.8, so the whole machine has to run out of memory');
  // Which value leads the driver to the mistake does not matter.
  if (isNoError(options.message)) return possible('callers in other files may know such a pointer for what it is');
  if (options.message.includes(letGo)) {
    // Others give back what they have: of a thing that nobody holds they have nothing.
    const held = run.openChoices.find(({ name, value }) => isUserCount(name) && value === 0n);
    return held ? possible(`nobody holds the thing where ${held.name} is 0`) : { confidence: 'likely' };
  }
  const isUsual = options.usual.has(kind);
  const doubtful = doubts(run, options.wishes);
  // Some put is the last one, whatever the count is just now: what the same call does afterwards is the driver's mistake.
  const isLast = isAfterLastPut(options.message);
  if (isUsual && !isLast && doubtful.length > 0 && (aboutState.has(kind) || aboutSizes.has(kind)))
    return possible(`a mapping that asks for nothing odd runs into it too, with ${listed(doubtful)} guessed`);
  const [checking] = run.checking;
  if (aboutSizes.has(kind) && checking !== undefined) return possible(`${checking}, which may refuse such a mapping, is in another file`);
  if (aboutSizes.has(kind) && !staysInRoom(program, key, options)) return possible('how much memory the driver has is assumed');
  const sought = run.suggestionsTaken.size + run.openChoices.filter(({ taken, isUsers }) => taken > 0 && !isUsers).length;
  // Both orders of locks stand in the driver's text: values decide only whether the program gets to them.
  const isOrder = isOrderProblem(options.message);
  if (sought > mostSought && !isOrder) return possible(`the handler accepts a mapping only with ${sought} values that were made up for it`);
  if (aboutState.has(kind) || options.message.includes('asked for 0x0 bytes')) {
    const deciding = decidingGuess(trial, key, options);
    if (deciding !== undefined) return possible(`${deciding} is assumed, and with another value it does not happen`);
    if (options.trials.isSpent && guesses.length > 0 && !isOrder)
      return possible('the budget ended before other values of what is guessed were tried');
  }
  const count = kind === 'leak' ? run.guesses.find((name) => options.message.includes(`\`${name}\``)) : undefined;
  if (count !== undefined) return possible(`what ${count} was before is assumed`);
  if (!options.canBePulled && program.some(({ action }) => action.kind === 'unplug'))
    return possible('only an administrator can take this device away from its driver');
  return { confidence: 'likely' };
}

/**
 * The guesses that make a problem doubtful which a usual mapping runs into as well. Where the driver's own functions have brought its
 * state about, what lies outside of it does not count: it is tried otherwise.
 */
export function doubts(run: Trial['run'], { asItRuns }: Wishes): readonly string[] {
  const guesses = guessesOf(run);
  return asItRuns ? guesses.filter((name) => !isOutside(name)) : guesses;
}

function guessesOf({ guesses, suggestionsTaken }: Trial['run']): readonly string[] {
  return [...guesses, ...suggestionsTaken.keys()];
}

/**
 * Whether a call has to fail for want of a page table where no program can bring that about alone: since 4.8 x86 charges page tables to the
 * memory cgroup, whose limit a program may set (arch/x86/mm/pgtable.c, PGALLOC_GFP).
 */
function lacksPageTable({ program, scenario: { version } }: Trial): boolean {
  if (version === undefined || atLeast(version, 4, 8)) return false;
  return program.some(({ action }) => action.kind === 'fail' && forPageTable.has(failureOfCall(action.call)));
}

/** Whether a mapping of the program is private, or asks for other pages than the usual one. */
function mapsOtherwise(program: Program, { sharing, offset, length }: Shape): boolean {
  return program.some(
    ({ action }) => action.kind === 'mmap' && (action.sharing !== sharing || action.offset !== offset || action.length > length),
  );
}

function possible(because: string): Judgement {
  return { confidence: 'possible', because };
}

/** Whether the same line runs into the same problem when memory of unknown size is large: by this program, or by asking for more. */
function staysInRoom(program: Program, key: string, { trials, wishes }: JudgeOptions): boolean {
  const shows = (changed: Program) => trials.run(changed, { wishes: { ...wishes, roomy: true } }).findings.some((each) => each.key === key);
  if (shows(program)) return true;
  for (const [length, offset] of further) {
    if (trials.isSpent) return false;
    const grown = length === undefined ? program : changed(program, 'grown', length);
    if (grown.some((each, index) => each !== program[index]) && shows(grown)) return true;
    const longer = length === undefined ? program : changed(program, 'length', length);
    const farther = offset === undefined ? program : changed(program, 'offset', offset);
    if (longer !== program && shows(longer)) return true;
    if (farther !== program && shows(farther)) return true;
    if (longer !== program && offset !== undefined && shows(changed(longer, 'offset', offset))) return true;
  }
  return false;
}

/** Lengths and offsets beyond what a roomy run assumes. Bytes. */
const further: readonly (readonly [length: bigint | undefined, offset: bigint | undefined])[] = [
  [0x200_0000n, 0x200_0000n],
  [0x8000_0000n, 0x8000_0000n],
  [undefined, 1n << 40n],
  [1n << 40n, undefined],
  // Their sum is one page: what lies far before the memory is mapped.
  [0x200_1000n, (1n << 64n) - 0x200_0000n],
  [0x8000_1000n, (1n << 64n) - 0x8000_0000n],
];

/** The program with another length or offset of its mappings, or with mappings that grow to another length: bytes. */
function changed(program: Program, field: 'length' | 'offset' | 'grown', value: bigint): Program {
  return program.map((statement: PlannedStatement) => {
    const { action } = statement;
    if (action.kind === 'mmap' && field !== 'grown') return { ...statement, action: { ...action, [field]: value } };
    return action.kind === 'mremap' && field !== 'offset' ? { ...statement, action: { ...action, length: value } } : statement;
  });
}

/** A guess without which the mapping is still made and the problem goes away. */
function decidingGuess({ program, run }: Trial, key: string, options: JudgeOptions): string | undefined {
  const { trials, wishes } = options;
  const made = mappingsOf(run);
  const empty = emptyOnesOf(run);
  const isLast = isAfterLastPut(options.message);
  const shown = isLast ? worthlessAfterLastPut : worthless;
  const doubted = run.openChoices.filter(
    ({ isUsers, name }) => !isUsers && !(isLast && isUserCount(name)) && !isKeptReference(options.message, name),
  );
  // What was taken against the likeliest is the first to be doubted; what an assertion is about was asked for last.
  const choices = (key.startsWith('driver-bug') ? doubted.toReversed() : doubted).toSorted(
    (left, right) => Number(right.taken > 0) - Number(left.taken > 0),
  );
  for (const { name, taken, count, value, isGuess } of choices.slice(0, mostGuesses)) {
    // How large things are is judged by making them larger.
    if (!isGuess && value > 1n) continue;
    for (let index = 0; index < Math.min(count, 4); index++) {
      if (index === taken) continue;
      if (trials.isSpent) return undefined;
      const other = trials.run(program, { wishes: { ...wishes, alternatives: new Map([...wishes.alternatives, [name, index]]) } });
      // A handler that returns a positive number has mapped nothing either.
      const isMade =
        mappingsOf(other.run) >= made &&
        emptyOnesOf(other.run) <= empty &&
        !other.findings.some((each) => each.key !== key && shown.has(each.problem.kind));
      if (isMade && !other.findings.some((each) => each.key === key)) return name;
    }
  }
  return undefined;
}

/** How many mappings a run made. */
function mappingsOf(run: Trial['run']): number {
  return run.results.filter(({ statement, result }) => statement.action.kind === 'mmap' && result.outcome.kind === 'ok').length;
}

/** How many mappings the driver put nothing into, as one that says no without an error does. */
function emptyOnesOf(run: Trial['run']): number {
  return run.results.filter(({ result }) => result.isEmpty === true).length;
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return distinct.length > 3 ? `${distinct.slice(0, 3).join(', ')} and ${distinct.length - 3} more` : distinct.join(', ');
}
