/**
 * Builds the steps of a trace while a scenario runs: opens a step where something begins, attaches what the mm model did
 * in it, and photographs memory when it ends. Equal work in a loop folds into one step. Knows neither C nor scenarios.
 */
import type { MmEvent } from '../../mm/event.ts';
import type { MmProblem } from '../../mm/problem.ts';
import type { System } from '../../mm/system.ts';
import { hex } from '../../mm/units.ts';
import type { Location } from '../../protocol/position.ts';
import type { MemoryState, SourceLine, StepKind, TraceProblem, TraceStep } from '../../protocol/trace.ts';
import type { Span } from '../../syntax/ast.ts';
import { type Names, sentenceOf } from './sentences.ts';

export interface NewStep {
  readonly title: string;
  readonly kind: StepKind;
  readonly actor: string;
  readonly location?: Location;
  readonly stack?: TraceStep['stack'];
  /** Where in the text it was asked for. Calls from one place, made again and again by a loop, are folded after the first few. */
  readonly foldKey?: Span;
}

/** How many equal calls are told one by one before they are folded. */
const toldSingly = 4;
/** Folded calls whose events are looked at together: they join into few. */
const foldedAtOnce = 4096;
/** Steps of one trace; what happens after them is still run, and told as changes of the last one. */
const maximumSteps = 2000;
/** Changes of one step; those of single ptes and pages are left out beyond that. */
const maximumChanges = 40;

interface OpenStep {
  step: NewStep;
  title: string;
  changes: string[];
  hiddenChanges: number;
  problems: TraceProblem[];
  folded: number;
}

export class Recorder {
  readonly steps: TraceStep[] = [];
  readonly problems: TraceProblem[] = [];
  /** What the kernel's log shows: lines of problems, and what the driver prints. */
  readonly messages: string[] = [];
  readonly #system: System;
  readonly #names: Names;
  readonly #photograph: () => MemoryState;
  #line = 0;
  #statement = '';
  #source: SourceLine | undefined;
  #open: OpenStep | undefined;
  /** How often each fold key was told since the driver was entered. */
  readonly #told = new Map<Span, number>();
  /** Something happened, or names may have been given, since the last picture of memory. */
  #isStale = true;
  #lastState: MemoryState | undefined;
  #lastStateText = '';

  constructor(system: System, names: Names, photograph: () => MemoryState) {
    this.#system = system;
    this.#names = names;
    this.#photograph = photograph;
  }

  /** The following steps belong to this statement of the scenario. */
  statement(line: number, text: string, source?: SourceLine): void {
    this.close();
    this.#source = source;
    this.#line = line;
    this.#statement = text;
    this.#told.clear();
    this.#isStale = true;
  }

  /** Begins a step; what happened since the last one belongs to that. */
  step(step: NewStep): void {
    if (this.#fold(step)) return;
    this.close();
    if (this.steps.length < maximumSteps) this.#begin(step);
  }

  /** Adds to the title of the open step: the result of a call. */
  addToTitle(text: string): void {
    if (this.#open && this.#open.folded === 0) this.#open.title += text;
  }

  /** One more sentence about the open step. */
  change(sentence: string): void {
    this.#drain();
    this.#change(sentence);
  }

  /** A problem that the C code or its entry showed, rather than mm. */
  problem(kind: string, message: string, kernelLine?: string): void {
    this.#drain();
    this.#problem(kind, message, kernelLine);
  }

  /** A line of the kernel's log that the driver prints. */
  message(line: string): void {
    this.messages.push(line);
    this.change(`the kernel's log: ${line}`);
  }

  /** Runs something that is to be seen as done before: what it makes mm do is not told. */
  silently<Result>(run: () => Result): Result {
    this.#drain();
    try {
      return run();
    } finally {
      this.#system.log.drain();
      this.#isStale = true;
    }
  }

  /** Ends the open step. */
  close(): void {
    this.#drain();
    this.#finish();
  }

  #begin(step: NewStep): void {
    this.#open = { step, title: step.title, changes: [], hiddenChanges: 0, problems: [], folded: 0 };
  }

  #fold(step: NewStep): boolean {
    if (step.kind === 'enter') this.#told.clear();
    if (step.foldKey === undefined) return false;
    const told = (this.#told.get(step.foldKey) ?? 0) + 1;
    this.#told.set(step.foldKey, told);
    if (told <= toldSingly || !this.#open) return false;
    this.#open.folded += 1;
    if (this.#open.folded % foldedAtOnce === 0) this.#drain();
    return true;
  }

  /** Whether the next step with this key would be folded: nobody needs its title then. */
  folds(foldKey: Span): boolean {
    return this.#open !== undefined && (this.#told.get(foldKey) ?? 0) >= toldSingly;
  }

  #drain(): void {
    const events = this.#system.log.drain();
    if (events.length > 0) this.#isStale = true;
    for (const event of events) this.#event(event);
  }

  #event(event: MmEvent): void {
    if (event.kind === 'problem') return this.#mmProblem(event.problem);
    if (event.kind === 'fault') return this.#fault(event);
    if (event.kind === 'kernel-message') this.messages.push(event.text);
    const sentence = sentenceOf(event, this.#names);
    if (sentence !== undefined) this.#change(sentence, /^(ptes|page)-/.test(event.kind));
  }

  #fault(event: Extract<MmEvent, { kind: 'fault' }>): void {
    this.#finish();
    if (this.steps.length >= maximumSteps) return;
    this.#begin({
      title: `page fault: ${event.access} at ${hex(event.address)}, answered by ${event.path}`,
      kind: 'fault',
      actor: 'kernel',
    });
  }

  #finish(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const { step } = open;
    const more = open.folded > 0 ? `, and ${open.folded} more calls of this loop` : '';
    const hidden = open.hiddenChanges > 0 ? [`and ${open.hiddenChanges} more changes of ptes and pages`] : [];
    this.steps.push({
      index: this.steps.length,
      line: this.#line,
      statement: this.#statement,
      ...(this.#source ? { source: this.#source } : {}),
      title: open.title + more,
      kind: step.kind,
      actor: step.actor,
      ...(step.location ? { location: step.location } : {}),
      stack: step.stack ?? [],
      changes: [...open.changes, ...hidden],
      problems: open.problems,
      state: this.#state(),
    });
  }

  /** `isDetail`: there may be many like it, so that not all are kept. */
  #change(sentence: string, isDetail = false): void {
    const open = this.#open;
    if (!open) return;
    if (!isDetail || open.changes.length < maximumChanges) open.changes.push(sentence);
    else open.hiddenChanges += 1;
  }

  #mmProblem({ kind, message, kernelLog, where }: MmProblem): void {
    // That x86 ignores a cache type is worth a word, but nothing breaks.
    if (kind === 'cache-type') {
      if (kernelLog !== undefined) this.messages.push(kernelLog);
      return this.#change(message);
    }
    const isDriver = where.file.startsWith('/');
    this.#problem(kind === 'bug' ? (isDriver ? 'driver-bug' : 'kernel-bug') : kind, message, kernelLog);
  }

  #problem(kind: string, message: string, kernelLine?: string): void {
    if (!this.#open) this.#begin({ title: 'the kernel notices', kind: 'problem', actor: 'kernel' });
    const problem = { kind, message, ...(kernelLine === undefined ? {} : { kernelLine }), step: this.steps.length };
    this.#open?.problems.push(problem);
    if (kernelLine !== undefined) this.messages.push(kernelLine);
    this.problems.push(problem);
  }

  /** The state now; the one before when nothing changed, so that steps share it. */
  #state(): MemoryState {
    if (this.#lastState && !this.#isStale) return this.#lastState;
    this.#isStale = false;
    const state = this.#photograph();
    const text = JSON.stringify(state);
    if (this.#lastState && text === this.#lastStateText) return this.#lastState;
    this.#lastState = state;
    this.#lastStateText = text;
    return state;
  }
}
