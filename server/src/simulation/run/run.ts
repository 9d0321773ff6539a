/**
 * Runs a scenario on a session and gives everything that a trace needs. One run has one machine and one driver; nothing
 * is kept between runs.
 */
import { isInUse } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';
import type { Assumption, FailedExpectation, TraceProblem, TraceStep } from '../../protocol/trace.ts';
import { countedName } from '../scenario/counted-slots.ts';
import type { Expectation, Scenario, Statement } from '../scenario/model.ts';
import type { OpenChoice } from '../state/assumptions.ts';
import type { Changed } from '../world/balance.ts';
import { Actions } from './actions.ts';
import { Buffers } from './buffers.ts';
import { ActionContext, type ActionResult, skipped } from './context.ts';
import { Descriptors } from './descriptors.ts';
import { Device, type Entry } from './device.ts';
import { describeExpectation, failureOf } from './expect.ts';
import { Processes, programName } from './processes.ts';
import { Session, type SessionOptions } from './session.ts';
import { SimulationStop } from './stop.ts';
import { resultTitle } from './titles.ts';
import { notUndone, withoutMappings } from './undone.ts';

export interface RunOptions extends SessionOptions {
  readonly entry: Entry;
  /** Whether the driver's own init and probe functions run first. */
  readonly setsUp: boolean;
  /** Whether open(2) runs the driver's own open function. */
  readonly runsOpen: boolean;
  readonly scenario: Scenario;
  /** Whether an access without an expectation is expected to work. */
  readonly strict: boolean;
  /** Is shown the machine before each statement; looks, changes nothing. */
  readonly watch?: (statement: Statement, context: ActionContext) => void;
}

/** What came of one statement. */
export interface StatementResult {
  readonly statement: Statement;
  readonly result: ActionResult;
  /** How many problems had shown before it. */
  readonly problemsBefore: number;
}

type LastResult = Omit<StatementResult, 'statement'>;

export interface FinishedRun {
  readonly steps: readonly TraceStep[];
  readonly problems: readonly TraceProblem[];
  /** Indexes of the problems that the scenario expects. */
  readonly expectedProblems: ReadonlySet<number>;
  readonly failedExpectations: readonly FailedExpectation[];
  /** How many expectations were written and held. */
  readonly expectationsHeld: number;
  readonly results: readonly StatementResult[];
  readonly assumptions: readonly Assumption[];
  readonly openChoices: readonly OpenChoice[];
  /** Names of assumptions for whose value nothing speaks. */
  readonly guesses: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  /** Counts of the driver that are not what they were before the programs. */
  readonly changedCounts: readonly Changed[];
  readonly unusedWishes: readonly string[];
  /** Calls that the scenario lets fail and that the driver did not make afterwards. */
  readonly unmetFailures: readonly string[];
  /** Suggested values that were taken, by the names under which they were asked for. */
  readonly suggestionsTaken: ReadonlyMap<string, bigint>;
  /** See `Assumptions.trusted` and `Assumptions.checking`. */
  readonly trusted: ReadonlySet<string>;
  readonly checking: ReadonlySet<string>;
  /** See `Assumptions.followed`. */
  readonly followed: ReadonlyMap<string, bigint>;
  /** See `Assumptions.circumstances`. */
  readonly circumstances: ReadonlySet<string>;
  /** How often the driver's state was asked for a value that nobody wrote: what the run cost. */
  readonly questions: number;
  /** How many statements of the driver ran: how far it got. */
  readonly statements: number;
  /** Where statements of the driver's code that ran begin; offsets in their files. */
  readonly reached: ReadonlySet<number>;
  /** How many statements of the driver's code ran. */
  readonly statementsRun: number;
  /** Numbers that the driver's code found to differ, as `left right`. */
  readonly compared: ReadonlySet<string>;
  /** Calls of the driver from the first mmap(2) on that could fail because memory runs out, in their order. */
  readonly failable: readonly string[];
  readonly stoppedBecause?: string;
  /** What the driver's own set-up took for granted, in the order in which it was asked. */
  readonly granted: readonly OpenChoice[];
  /** Why the driver could not be set up by its own functions, when that was asked for. */
  readonly setUpFailed?: string;
}

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
  /** Problems that an expectation asked for, by index. */
  readonly #expectedProblems = new Set<number>();
  /** Processes of which was told that they died in the kernel. */
  readonly #dying = new Set<string>();
  readonly #results: StatementResult[] = [];
  /** Of the statement that an expectation on a line of its own is about, also where its process was gone. */
  #last: LastResult | undefined;
  #stopped: string | undefined;
  /** How many calls that could fail were made before the first mmap(2). */
  #madeBefore: number | undefined;

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
        this.#options.watch?.(statement, this.#context);
        this.#statement(statement);
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
      expectedProblems: this.#expectedProblems,
      failedExpectations: this.#failed,
      expectationsHeld: this.#held,
      results: this.#results,
      assumptions: assumptions.list,
      openChoices: assumptions.openChoices,
      questions: this.#session.state.questions,
      statements: this.#session.statements,
      guesses: assumptions.guesses,
      counts,
      changedCounts: this.#session.balance.changed,
      unusedWishes: assumptions.unused,
      unmetFailures: this.#session.failures.pending,
      suggestionsTaken: assumptions.taken,
      trusted: assumptions.trusted,
      checking: assumptions.checking,
      followed: assumptions.followed,
      circumstances: assumptions.circumstances,
      reached: this.#session.coverage.reached,
      statementsRun: this.#session.coverage.statementsRun,
      compared: this.#session.coverage.compared,
      failable: this.#session.failures.made.slice(this.#madeBefore ?? Number.POSITIVE_INFINITY),
      ...(this.#stopped === undefined ? {} : { stoppedBecause: this.#stopped }),
      granted: this.#granted,
      ...(setUpFailed === undefined ? {} : { setUpFailed }),
    };
  }

  #granted: readonly OpenChoice[] = [];

  /** Gives why the driver could not be set up. */
  #setUp(): string | undefined {
    const { assumptions, life } = this.#session;
    assumptions.beginSetUp();
    const setUp = life.setUp();
    const granted = assumptions.endSetUp();
    this.#granted = granted;
    if (setUp.kind !== 'done') return setUp.kind === 'none' ? 'the files show no function that sets it up' : setUp.because;
    // A macro of the kernel that registers the device runs nothing of the driver's.
    if (setUp.functions.length > 0) assumptions.note(setUpAssumption(setUp.functions, granted));
    return undefined;
  }

  #statement(statement: Statement): void {
    const { recorder } = this.#session;
    const { action } = statement;
    const name = statement.process ?? programName;
    const mm = this.#processes.get(name);
    if (action.kind === 'kernel' || action.kind === 'assume' || action.kind === 'driver') return;
    if (mm?.stopped && action.kind !== 'expect') return this.#dead(statement, name, mm);
    recorder.statement(statement.line, statement.text, statement.source);
    this.#processes.making = undefined;
    if (!mm || (mm.exited && action.kind !== 'expect')) {
      recorder.step({ title: `${name} is gone`, kind: 'result', actor: name });
      this.#last = { result: goneResult(name), problemsBefore: recorder.problems.length };
      if (mm && statement.expectation) this.#expect(statement, statement.expectation, mm, this.#last);
      return;
    }
    const problemsBefore = recorder.problems.length;
    if (action.kind === 'expect') return this.#expect(statement, action.expectation, mm, this.#last);
    recorder.step({ title: '', kind: 'action', actor: name });
    if (action.kind === 'mmap') this.#madeBefore ??= this.#session.failures.made.length;
    const result = this.#actions.run(mm, name, action);
    if (!mm.stopped) this.#session.returnToUser();
    this.#last = { result, problemsBefore };
    this.#results.push({ statement, ...this.#last });
    recorder.step({ title: resultTitle(action, result), kind: 'result', actor: name });
    this.#session.runDeferred();
    if (action.kind === 'exit') this.#lookBack();
    this.#expectOutcome(statement, mm, this.#last);
  }

  /** The last program is gone: what it did to the driver's counts should be undone. */
  #lookBack(): void {
    const { system, balance, recorder, unloaded } = this.#session;
    if (unloaded || system.processes.some(({ exited }) => !exited) || isInUse(system)) return;
    const done = this.#results.map(({ statement }) => statement.action);
    for (const { kind, message } of notUndone(balance, done, () => this.#changedWithoutMappings())) recorder.problem(kind, message);
  }

  /** The counts that the same programs change when they map nothing. */
  #changedWithoutMappings(): readonly Changed[] {
    const { scenario, watch: _, ...options } = this.#options;
    return runScenario({ ...options, scenario: { ...scenario, statements: withoutMappings(scenario.statements) }, brief: true })
      .changedCounts;
  }

  /** The kernel has stopped in an earlier call of the process: nothing it would do happens, and nothing it expects holds. */
  #dead(statement: Statement, name: string, mm: Mm): void {
    const { recorder } = this.#session;
    if (!statement.expectation && this.#dying.has(name)) return;
    this.#dying.add(name);
    recorder.statement(statement.line, statement.text, statement.source);
    recorder.step({ title: `${name} does nothing any more: the kernel has stopped in an earlier call`, kind: 'problem', actor: name });
    if (!statement.expectation || !mm.stopped) return;
    const result: ActionResult = { outcome: { kind: 'stopped', problem: mm.stopped } };
    this.#expect(statement, statement.expectation, mm, { result, problemsBefore: recorder.problems.length });
  }

  #countsBySlot(): ReadonlyMap<string, number> {
    return new Map([...this.#session.counts].map(([slot, count]) => [countedName(slot), count]));
  }

  #expectOutcome(statement: Statement, mm: Mm, last: LastResult): void {
    const isAccess = statement.action.kind === 'read' || statement.action.kind === 'write';
    const implied: Expectation | undefined =
      this.#options.strict && isAccess && last.result.outcome.kind !== 'stopped' ? { kind: 'ok' } : undefined;
    const expectation = statement.expectation ?? implied;
    if (expectation) this.#expect(statement, expectation, mm, last);
  }

  #expect(statement: Statement, expectation: Expectation, mm: Mm, last: LastResult | undefined): void {
    const { recorder } = this.#session;
    const problemsBefore = last?.problemsBefore ?? 0;
    const actual = failureOf(expectation, {
      mm,
      processes: this.#processes,
      result: last?.result,
      problems: recorder.problems.slice(problemsBefore),
      counts: this.#countsBySlot(),
      messages: recorder.messages,
      addressOf: (address) => this.#context.addressOf(mm, address),
    });
    const expected = describeExpectation(expectation);
    if (actual === undefined) {
      if (expectation.kind === 'problem' || expectation.kind === 'hang') {
        for (let index = problemsBefore; index < recorder.problems.length; index++) this.#expectedProblems.add(index);
      }
      if (statement.expectation || statement.action.kind === 'expect') this.#held += 1;
      if (statement.action.kind === 'expect') recorder.step({ title: `as expected: ${expected}`, kind: 'expectation', actor: 'kernel' });
      return;
    }
    const { line, source } = statement;
    this.#failed.push({ line, expected, actual, ...(source ? { source } : {}) });
    recorder.step({ title: `expected ${expected}, but got ${actual}`, kind: 'expectation', actor: 'kernel' });
  }
}

/** Of a statement of a process that has ended before: nothing it would do happens, and nothing it expects holds. */
function goneResult(process: string): ActionResult {
  return skipped(`nothing: ${process} is gone`);
}

/** What stands in the list of assumptions for a set-up that ran. */
function setUpAssumption(functions: readonly string[], granted: readonly OpenChoice[]): Assumption {
  const shown = granted
    .slice(0, 4)
    .map(({ name }) => name)
    .join(', ');
  const more = granted.length > 4 ? ` and ${granted.length - 4} more` : '';
  const taken = granted.length === 0 ? '' : `; taken for granted there: ${shown}${more}`;
  return { name: 'the set-up', value: functions.join(', then '), reason: `the driver's own functions run first${taken}` };
}
