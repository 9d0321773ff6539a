/** Simulates a small driver of a test: its text in, the trace out. */
import { buildDriver } from '../../../server/src/driver/build.ts';
import type { Host } from '../../../server/src/driver/model.ts';
import { parseVersion } from '../../../server/src/kernel/version.ts';
import type { Trace, TraceStep } from '../../../server/src/protocol/trace.ts';
import { simulate } from '../../../server/src/simulation/simulate.ts';
import { SyntaxFile } from '../../../server/src/syntax/syntax-file.ts';
import { testGrammar } from '../../support/grammar.ts';

const host: Host = { readFile: () => undefined };

export interface Wish {
  readonly handler?: string;
  readonly scenario?: string;
  readonly kernel?: string;
  /** Other scenarios beside `/drivers/test.mmapsim`, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Options of the kernel: `CONFIG_X` to `y`, `n` or a value. */
  readonly config?: Readonly<Record<string, string>>;
}

/** The trace of the driver's first mmap handler, or of the one that is named. */
export async function traceOf(
  text: string,
  { handler: name, scenario, kernel = '6.12', files = {}, config = {} }: Wish = {},
): Promise<Trace> {
  const version = parseVersion(kernel);
  if (!version) throw new Error(`no version: ${kernel}`);
  const target = { version, config: new Map(Object.entries(config)), longBits: 64 as const };
  const grammar = await testGrammar();
  const syntax = new SyntaxFile(grammar, text, target);
  const driver = buildDriver({ grammar, host, target }, '/drivers/test.c', syntax);
  const handler = driver.handlers.find((each) =>
    name === undefined ? each.kind === 'mmap' || each.kind === 'mmap_prepare' : each.function === name,
  );
  if (!handler) throw new Error('the driver has no such handler');
  const result = simulate({ driver, handler, scenario, place: { file: '/drivers/test.mmapsim', readFile: (path) => files[path] } });
  if (result.kind === 'failed') throw new Error(result.message);
  return result.trace;
}

/** The steps of one line of the scenario. */
export function stepsAt(trace: Trace, line: number): readonly TraceStep[] {
  return trace.steps.filter((step) => step.line === line);
}

/** What the system call or the access of a line gave. */
export function resultAt(trace: Trace, line: number): string | undefined {
  return stepsAt(trace, line).find((step) => step.kind === 'result')?.title;
}

/** All that happened at a line, as one text. */
export function textAt(trace: Trace, line: number): string {
  return stepsAt(trace, line)
    .flatMap((step) => [step.title, ...step.changes, ...step.problems.map(({ message }) => message)])
    .join('\n');
}
