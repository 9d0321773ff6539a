/**
 * Whether a problem is the driver's fault, or follows from a value that nobody shows. Values that the files do not tell are
 * changed: lengths that only the model has made up are taken to be large, guesses take their other values. A problem that
 * stays is the driver's; one that goes away depends on the value, and is reported as such. Reads trials; knows no statement.
 */
import type { PlannedStatement } from '../scenario/format.ts';
import type { Wishes } from '../state/assumptions.ts';
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

/** Other values are tried for so many guesses. */
const mostGuesses = 16;

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
  const isUsual = options.usual.has(kind);
  const doubtful = doubts(run, options.wishes);
  if (isUsual && doubtful.length > 0 && (aboutState.has(kind) || aboutSizes.has(kind)))
    return possible(`a mapping that asks for nothing odd runs into it too, with ${listed(doubtful)} guessed`);
  if (aboutSizes.has(kind) && !staysInRoom(program, key, options)) return possible('how much memory the driver has is assumed');
  if (aboutState.has(kind)) {
    const deciding = decidingGuess(trial, key, options);
    if (deciding !== undefined) return possible(`${deciding} is assumed, and with another value it does not happen`);
    // Both orders stand in the driver's text: a guess decides only whether the program gets to them.
    if (options.trials.isSpent && guesses.length > 0 && !isOrderProblem(options.message))
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

/** Whether a guess is about something outside of the driver: a constant of a header that is not at hand, what another file's function gives. */
export function isOutside(name: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$|\(\)$/.test(name);
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
  // What was taken against the likeliest is the first to be doubted.
  const choices = run.openChoices
    .filter(({ isUsers }) => !isUsers)
    .toSorted((left, right) => Number(right.taken > 0) - Number(left.taken > 0));
  for (const { name, taken, count, value, isGuess } of choices.slice(0, mostGuesses)) {
    // How large things are is judged by making them larger.
    if (!isGuess && value > 1n) continue;
    for (let index = 0; index < Math.min(count, 4); index++) {
      if (index === taken) continue;
      if (trials.isSpent) return undefined;
      const other = trials.run(program, { wishes: { ...wishes, alternatives: new Map([...wishes.alternatives, [name, index]]) } });
      if (mappingsOf(other.run) >= made && !other.findings.some((each) => each.key === key)) return name;
    }
  }
  return undefined;
}

/** How many mappings a run made. */
function mappingsOf(run: Trial['run']): number {
  return run.results.filter(({ statement, result }) => statement.action.kind === 'mmap' && result.outcome.kind === 'ok').length;
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return distinct.length > 3 ? `${distinct.slice(0, 3).join(', ')} and ${distinct.length - 3} more` : distinct.join(', ');
}
