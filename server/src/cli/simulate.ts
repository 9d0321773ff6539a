/** `driver-mmap simulate`: runs a handler on one or several kernels and prints the story, or the trace as JSON. */
import path from 'node:path';
import { targetFor } from '../driver/target.ts';
import { fileHost, readText, reason } from '../host/files.ts';
import { loadNodeGrammar } from '../host/grammar.ts';
import { SourceDocument } from '../ide/document.ts';
import { simulateDocument } from '../ide/simulate.ts';
import { atLeast, formatVersion } from '../kernel/version.ts';
import type { AttackReport } from '../protocol/attack.ts';
import type { Trace } from '../protocol/trace.ts';
import { formatMatrix, formatStory } from '../simulation/story.ts';
import { attackOn, printAttacks } from './attack.ts';
import { type Arguments, UsageError } from './command.ts';
import type { Output } from './terminal.ts';

export async function runSimulate(given: Arguments, output: Output): Promise<number> {
  const [operand, ...more] = given.operands;
  if (operand === undefined || more.length > 0)
    throw new UsageError('simulate takes one file, with the handler behind a colon when it has several: FILE:HANDLER.');
  const { file, handler, text } = openOperand(operand);
  const scenarioFile = given.text('scenario');
  const scenario = scenarioText(scenarioFile);
  const grammar = await loadNodeGrammar();
  const host = fileHost();
  const kernels = given.list('kernel');
  const traces: Trace[] = [];
  const reports: AttackReport[] = [];
  for (const kernel of kernels.length > 0 ? kernels : ['auto']) {
    const target = targetFor(file, kernel, host);
    if (!atLeast(target.version, 6, 1)) {
      output.note(
        `Linux ${formatVersion(target.version)}: what the simulated mm does is modelled from 6.1 on; what was different before is not shown.`,
      );
    }
    const document = new SourceDocument({ grammar, host, target }, file, text);
    if (given.has('attack')) {
      reports.push(attackOn(document, handler, given));
      document.dispose();
      continue;
    }
    const result = simulateDocument(document, {
      handler,
      scenario,
      ...(scenarioFile === undefined ? {} : { scenarioFile: path.resolve(scenarioFile) }),
      targetWins: kernels.length > 0 && kernel !== 'auto',
    });
    document.dispose();
    if (result.kind === 'failed') throw new UsageError(result.message);
    traces.push(result.trace);
  }
  if (given.has('attack')) return printAttacks(reports, given, output);
  const [first] = traces;
  if (!first) return 2;
  if (given.text('format') === 'json')
    output.out(`${JSON.stringify(traces.length === 1 ? contract(first) : traces.map(contract), null, 1)}\n`);
  else output.out(traces.length === 1 ? formatStory(first, { width: output.width }) : formatMatrix(traces, { width: output.width }));
  return traces.some((trace) => trace.verdict.failedExpectations.length > 0) ? 1 : 0;
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

function tryRead(file: string): string | { readonly reason: string } {
  try {
    return readText(file);
  } catch (error) {
    return { reason: reason(error) };
  }
}

function scenarioText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = tryRead(file);
  if (typeof text !== 'string') throw new UsageError(`Cannot read ${file}: ${text.reason}.`);
  return text;
}
