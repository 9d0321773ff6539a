/** `driver-mmap simulate`: runs a handler on one or several kernels and prints the story, or the trace as JSON. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Target } from '../driver/model.ts';
import { fileHost, readText, reason, textOf } from '../host/files.ts';
import { loadNodeGrammar } from '../host/grammar.ts';
import { SourceDocument } from '../ide/document.ts';
import { projectFor, targetIn } from '../ide/project.ts';
import { type SimulateWish, simulateDocument } from '../ide/simulate.ts';
import { type MatrixResult, simulateMatrix } from '../ide/simulate-matrix.ts';
import type { Trace } from '../protocol/trace.ts';
import { formatMatrix } from '../simulation/matrix-text.ts';
import { formatStory } from '../simulation/story.ts';
import { attackOn, printAttacks } from './attack.ts';
import { type Arguments, UsageError } from './command.ts';
import { shown } from './format-text.ts';
import { refuseOtherThanC } from './inputs.ts';
import type { Output } from './terminal.ts';

export async function runSimulate(given: Arguments, output: Output): Promise<number> {
  const [operand, ...more] = given.operands;
  if (operand === undefined || more.length > 0)
    throw new UsageError('simulate takes one file, with the handler behind a colon when it has several: FILE:HANDLER.');
  const { file, handler, text } = openOperand(operand);
  refuseOtherThanC(file);
  const scenarioFile = given.text('scenario');
  const scenario = scenarioText(scenarioFile);
  const grammar = await loadNodeGrammar();
  const host = fileHost();
  const kernels = given.list('kernel');
  const openFor = (target: Target) => new SourceDocument({ grammar, host, target }, file, text);
  const project = projectFor(file, host);
  for (const problem of project.problems) output.note(`${shown(problem.file)}: ${problem.message}`);
  const targets = (kernels.length > 0 ? kernels : ['auto']).map((kernel) => targetIn(project, file, kernel, host));
  const code = given.has('attack')
    ? attackAll(targets, openFor, handler, given, output)
    : runOn(targets, openFor, { handler, scenario, ...placeOf(scenarioFile) }, given, output);
  return project.problems.length > 0 ? 2 : code;
}

function placeOf(scenarioFile: string | undefined): Pick<SimulateWish, 'scenarioFile'> {
  return scenarioFile === undefined ? {} : { scenarioFile: path.resolve(scenarioFile) };
}

function runOn(
  targets: readonly Target[],
  openFor: (target: Target) => SourceDocument,
  wish: SimulateWish,
  given: Arguments,
  output: Output,
): number {
  const [kernel] = given.list('kernel');
  const [first, ...others] = targets;
  if (!first) return 2;
  if (others.length > 0) return printMatrix(simulateMatrix(targets, openFor, wish), given, output);
  const document = openFor(first);
  const result = simulateDocument(document, { ...wish, targetWins: kernel !== undefined && kernel !== 'auto' });
  if (result.kind === 'failed') throw new UsageError(result.message);
  const { trace } = result;
  if (given.text('format') === 'json') output.out(`${JSON.stringify(contract(trace), null, 1)}\n`);
  else output.out(formatStory(trace, { width: output.width }));
  return exitCode([trace]);
}

function printMatrix(result: MatrixResult, given: Arguments, output: Output): number {
  if (result.kind === 'failed') throw new UsageError(result.message);
  const { matrix, traces } = result;
  if (given.text('format') === 'json') output.out(`${JSON.stringify({ ...matrix, traces: traces.map(contract) }, null, 1)}\n`);
  else output.out(formatMatrix(matrix, { width: output.width }));
  return exitCode(traces);
}

function exitCode(traces: readonly Trace[]): number {
  return traces.some((trace) => trace.verdict.failedExpectations.length > 0) ? 1 : 0;
}

function attackAll(
  targets: readonly Target[],
  openFor: (target: Target) => SourceDocument,
  handler: string | undefined,
  given: Arguments,
  output: Output,
): number {
  const reports = targets.map((target) => attackOn(openFor(target), handler, given));
  return printAttacks(reports, given, output);
}

/** Absent values are `null` in the contract; the rest is the trace itself. */
function contract(trace: Trace): object {
  return { ...trace, verdict: { ...trace.verdict, stoppedBecause: trace.verdict.stoppedBecause ?? null } };
}

/** `FILE` or `FILE:HANDLER`; a file whose own name has a colon is taken as it is. */
function openOperand(operand: string): { file: string; handler: string | undefined; text: string } {
  const whole = tryRead(operand);
  if (typeof whole === 'string') return { file: path.resolve(operand), handler: undefined, text: whole };
  const colon = operand.lastIndexOf(':');
  if (colon > 0) {
    const part = tryRead(operand.slice(0, colon));
    if (typeof part === 'string') return { file: path.resolve(operand.slice(0, colon)), handler: operand.slice(colon + 1), text: part };
    throw new UsageError(`Cannot read ${operand.slice(0, colon)}: ${part.reason}.`);
  }
  throw new UsageError(`Cannot read ${operand}: ${whole.reason}.`);
}

function readStandardInput(): string {
  return textOf(readFileSync(0));
}

function tryRead(file: string, read: (file: string) => string = readText): string | { readonly reason: string } {
  try {
    return read(file);
  } catch (error) {
    return { reason: reason(error) };
  }
}

function scenarioText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = tryRead(file, file === '-' ? readStandardInput : readText);
  if (typeof text !== 'string') throw new UsageError(`Cannot read ${file}: ${text.reason}.`);
  return text;
}
