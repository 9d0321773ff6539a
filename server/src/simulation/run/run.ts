/**
 * Runs a scenario on a session and gives everything that a trace needs. One run has one machine and one driver; nothing
 * is kept between runs.
 */
import type { Mm } from '../../mm/mm.ts';
import type { Outcome } from '../../mm/outcome.ts';
import { hex } from '../../mm/units.ts';
import type { Assumption, FailedExpectation, TraceProblem, TraceStep } from '../../protocol/trace.ts';
import type { Expectation, Scenario, Statement } from '../scenario/model.ts';
import type { OpenChoice } from '../state/assumptions.ts';
import { Actions } from './actions.ts';
import { Buffers } from './buffers.ts';
import { ActionContext, type ActionResult } from './context.ts';
import { Descriptors } from './descriptors.ts';
import { Device, type Entry } from './device.ts';
import { describeExpectation, failureOf } from './expect.ts';
import { Processes, programName } from './processes.ts';
import { Session, type SessionOptions } from './session.ts';
import { SimulationStop } from './stop.ts';

export interface RunOptions extends SessionOptions {
  readonly entry: Entry;
  /** Whether the driver's own init and probe functions run first. */
  readonly setsUp: boolean;
  /** Whether open(2) runs the driver's own open function. */
  readonly runsOpen: boolean;
  readonly scenario: Scenario;
  /** Whether an access without an expectation is expected to work. */
  readonly strict: boolean;
}

/** What came of one statement. */
export interface StatementResult {
  readonly statement: Statement;
  readonly result: ActionResult;
  /** How many problems had shown before it. */
  readonly problemsBefore: number;
}

export interface FinishedRun {
  readonly steps: readonly TraceStep[];
  readonly problems: readonly TraceProblem[];
  readonly failedExpectations: readonly FailedExpectation[];
  /** How many expectations were written and held. */
  readonly expectationsHeld: number;
  readonly results: readonly StatementResult[];
  readonly assumptions: readonly Assumption[];
  readonly openChoices: readonly OpenChoice[];
  /** Names of assumptions for whose value nothing speaks. */
  readonly guesses: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly unusedWishes: readonly string[];
  /** How often the driver's state was asked for a value that nobody wrote: what the run cost. */
  readonly questions: number;
  readonly stoppedBecause?: string;
  /** Why the driver could not be set up by its own functions, when that was asked for. */
  readonly setUpFailed?: string;
}

/** What the statements of the program and of its children are called in titles. */
const callNames: Partial<Record<Statement['action']['kind'], string>> = {
  mmap: 'mmap(2)',
  munmap: 'munmap(2)',
  mprotect: 'mprotect(2)',
  mremap: 'mremap(2)',
  madvise: 'madvise(2)',
  mlock: 'mlock(2)',
  munlock: 'munlock(2)',
  open: 'open(2)',
  close: 'close(2)',
  fork: 'fork(2)',
  exit: 'exit(2)',
  unplug: 'the removal',
};

export function runScenario(options: RunOptions): FinishedRun {
  return new ScenarioRun(options).run();
}

class ScenarioRun {
  readonly #options: RunOptions;
  readonly #processes = new Processes();
  readonly #session: Session;
  readonly #context: ActionContext;
  readonly #actions: Actions;
  readonly #failed: FailedExpectation[] = [];
  #held = 0;
  readonly #results: StatementResult[] = [];
  #stopped: string | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#session = new Session(options, this.#processes);
    this.#processes.system = this.#session.system;
    this.#context = new ActionContext({
      session: this.#session,
      device: new Device(this.#session, options.entry, options.runsOpen),
      processes: this.#processes,
      descriptors: new Descriptors(),
      buffers: new Buffers(this.#session, this.#processes),
    });
    this.#actions = new Actions(this.#context);
    this.#processes.add(programName, this.#session.system.createProcess());
    this.#session.system.log.drain();
  }

  run(): FinishedRun {
    const { recorder, assumptions, counts } = this.#session;
    const setUpFailed = this.#options.setsUp ? this.#setUp() : undefined;
    for (const statement of setUpFailed === undefined ? this.#options.scenario.statements : []) {
      try {
        if (!this.#statement(statement)) break;
      } catch (thrown) {
        if (!(thrown instanceof SimulationStop)) throw thrown;
        this.#stopped = thrown.because;
        recorder.step({ title: `the simulation stops: ${thrown.because}`, kind: 'problem', actor: 'kernel' });
        break;
      }
    }
    recorder.close();
    return {
      steps: recorder.steps,
      problems: recorder.problems,
      failedExpectations: this.#failed,
      expectationsHeld: this.#held,
      results: this.#results,
      assumptions: assumptions.list,
      openChoices: assumptions.openChoices,
      questions: this.#session.state.questions,
      guesses: assumptions.guesses,
      counts,
      unusedWishes: assumptions.unused,
      ...(this.#stopped === undefined ? {} : { stoppedBecause: this.#stopped }),
      ...(setUpFailed === undefined ? {} : { setUpFailed }),
    };
  }

  /** Gives why the driver could not be set up. */
  #setUp(): string | undefined {
    const { assumptions, life } = this.#session;
    assumptions.beginSetUp();
    const setUp = life.setUp();
    const granted = assumptions.endSetUp();
    if (setUp.kind !== 'done') return setUp.kind === 'none' ? 'the files show no function that sets it up' : setUp.because;
    assumptions.note(setUpAssumption(setUp.functions, granted));
    return undefined;
  }

  /** Gives false when the program cannot go on. */
  #statement(statement: Statement): boolean {
    const { recorder } = this.#session;
    const { action } = statement;
    const name = statement.process ?? programName;
    const mm = this.#processes.get(name);
    if (action.kind === 'kernel' || action.kind === 'assume') return true;
    recorder.statement(statement.line, statement.text);
    this.#processes.making = undefined;
    if (!mm || (mm.exited && action.kind !== 'expect')) {
      recorder.step({ title: `${name} is gone`, kind: 'result', actor: name });
      return true;
    }
    const problemsBefore = recorder.problems.length;
    if (action.kind === 'expect') {
      const last = this.#results.at(-1);
      this.#expect(statement, action.expectation, mm, last?.result, last?.problemsBefore ?? 0);
      return true;
    }
    recorder.step({ title: '', kind: 'action', actor: name });
    const result = this.#actions.run(mm, name, action);
    this.#results.push({ statement, result, problemsBefore });
    recorder.step({ title: this.#title(statement, result), kind: 'result', actor: name });
    this.#expectOutcome(statement, mm, result, problemsBefore);
    return result.outcome.kind !== 'stopped';
  }

  #countsBySlot(): ReadonlyMap<string, number> {
    return new Map([...this.#session.counts].map(([slot, count]) => [slotNames[slot] ?? slot, count]));
  }

  #title({ action }: Statement, { outcome, value, skipped }: ActionResult): string {
    const call = callNames[action.kind];
    if (skipped !== undefined) return `nothing is done: ${skipped}`;
    if (call === undefined) return value === undefined ? describe(outcome) : `the value is ${hex(value)}`;
    const address = outcome.kind === 'ok' && (action.kind === 'mmap' || action.kind === 'mremap') ? hex(outcome.value) : undefined;
    return outcome.kind === 'stopped' ? `${call} does not return: ${describe(outcome)}` : `${call} returns ${address ?? describe(outcome)}`;
  }

  #expectOutcome(statement: Statement, mm: Mm, result: ActionResult, problemsBefore: number): void {
    const isAccess = statement.action.kind === 'read' || statement.action.kind === 'write';
    const implied: Expectation | undefined =
      this.#options.strict && isAccess && result.outcome.kind !== 'stopped' ? { kind: 'ok' } : undefined;
    const expectation = statement.expectation ?? implied;
    if (expectation) this.#expect(statement, expectation, mm, result, problemsBefore);
  }

  #expect(statement: Statement, expectation: Expectation, mm: Mm, result: ActionResult | undefined, problemsBefore: number): void {
    const { recorder } = this.#session;
    const actual = failureOf(expectation, {
      mm,
      processes: this.#processes,
      result,
      problems: recorder.problems.slice(problemsBefore),
      counts: this.#countsBySlot(),
      messages: recorder.messages,
      addressOf: (address) => this.#context.addressOf(mm, address),
    });
    const expected = describeExpectation(expectation);
    if (actual === undefined) {
      if (statement.expectation || statement.action.kind === 'expect') this.#held += 1;
      if (statement.action.kind === 'expect') recorder.step({ title: `as expected: ${expected}`, kind: 'expectation', actor: 'kernel' });
      return;
    }
    this.#failed.push({ line: statement.line, expected, actual });
    recorder.step({ title: `expected ${expected}, but got ${actual}`, kind: 'expectation', actor: 'kernel' });
  }
}

/** Slots of file_operations that vm_operations_struct has too, as `expect count` names them. */
const slotNames: Readonly<Record<string, string>> = { 'file open': 'file_open' };
/** What stands in the list of assumptions for a set-up that ran. */
function setUpAssumption(functions: readonly string[], granted: readonly string[]): Assumption {
  const shown = granted.slice(0, 4).join(', ');
  const more = granted.length > 4 ? ` and ${granted.length - 4} more` : '';
  const taken = granted.length === 0 ? '' : `; taken for granted there: ${shown}${more}`;
  return { name: 'the set-up', value: functions.join(', then '), reason: `the driver's own functions run first${taken}` };
}

function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value === 0n ? '0' : outcome.value.toString();
    case 'error':
      return `-1, ${outcome.name}`;
    case 'signal':
      return `${outcome.signal}: ${outcome.why}`;
    case 'stopped':
      return 'the kernel has stopped in this call';
  }
}
