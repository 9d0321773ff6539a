/**
 * One attempt of an attack: a program of statements is run on a driver, and what went wrong is named so that it can be found
 * again in other attempts. Counts what runs cost. Knows nothing of how attempts are chosen or judged.
 */
import type { Location } from '../../protocol/position.ts';
import type { TraceProblem, TraceStep } from '../../protocol/trace.ts';
import { type FinishedRun, type RunOptions, runScenario } from '../run/run.ts';
import { type PlannedStatement, planScenario } from '../scenario/format.ts';
import type { Scenario } from '../scenario/model.ts';

/** What stays the same in all attempts on one driver. */
export type TrialOptions = Omit<RunOptions, 'scenario' | 'strict' | 'brief'>;

export type Program = readonly PlannedStatement[];

/** A problem with its name: the same kind at the same line of the driver is the same problem. */
export interface Finding {
  readonly key: string;
  readonly problem: TraceProblem;
  /** The driver's line that ran, where the step has one. */
  readonly location?: Location;
}

export interface Trial {
  readonly program: Program;
  readonly scenario: Scenario;
  readonly run: FinishedRun;
  readonly findings: readonly Finding[];
  /** Which code of the driver ran and what the statements gave: equal for attempts that took the same way. */
  readonly way: string;
}

/** What runs may cost and have cost. A step is one of the trace, or sixty-four statements of the driver's C code. */
export class Meter {
  /** Steps. */
  limit: number;
  /** Steps. */
  spent = 0;
  runs = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get isSpent(): boolean {
    return this.spent >= this.limit;
  }
}

/** Runs programs on one driver in one assumed state, and puts them on the meter. */
export class Trials {
  readonly #options: TrialOptions;
  meter: Meter;

  constructor(options: TrialOptions, meter: Meter) {
    this.#options = options;
    this.meter = meter;
  }

  get isSpent(): boolean {
    return this.meter.isSpent;
  }

  /** Runs the program; `changes` go before what the trials have in common. */
  run(program: Program, changes: Partial<TrialOptions> = {}): Trial {
    const start: PlannedStatement = { action: { kind: 'kernel', version: this.#options.version } };
    const scenario = planScenario([start, ...program]);
    const run = runScenario({ ...this.#options, ...changes, scenario, strict: false, brief: true });
    this.meter.runs += 1;
    this.meter.spent += run.steps.length + Math.ceil(run.statementsRun / 64);
    return { program, scenario, run, findings: findingsOf(run), way: wayOf(run) };
  }
}

function findingsOf(run: FinishedRun): readonly Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const problem of run.problems) {
    const location = locationOf(run.steps[problem.step]);
    const key = `${problem.kind}${location ? ` ${location.file}:${location.range.start.line}` : ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    findings.push({ key, problem, ...(location ? { location } : {}) });
  }
  return findings;
}

function locationOf(step: TraceStep | undefined): Location | undefined {
  return step?.location ?? step?.stack[0]?.location;
}

/** The program up to the statement in which the problem showed. */
export function untilProblem({ program, scenario, run }: Trial, { step }: TraceProblem): Program {
  const line = run.steps[step]?.line;
  // The first statement is the kernel's version, which no program has.
  const index = scenario.statements.findIndex((statement) => statement.line === line);
  return index > 0 ? program.slice(0, index) : program;
}

/** Whether the first mapping of the program was made. */
export function isMapped({ run }: Trial): boolean {
  return run.results.find(({ statement }) => statement.action.kind === 'mmap')?.result.outcome.kind === 'ok';
}

/** Whether the driver put nothing into the first mapping. */
export function isEmpty({ run }: Trial): boolean {
  return run.results.find(({ statement }) => statement.action.kind === 'mmap')?.result.isEmpty === true;
}

function wayOf(run: FinishedRun): string {
  const results = run.results.map(({ result: { outcome, skipped } }) => {
    if (skipped !== undefined) return '-';
    return outcome.kind === 'error' ? outcome.name : outcome.kind;
  });
  return `${[...run.reached].sort((left, right) => left - right).join(' ')} ${results.join(' ')}`;
}
