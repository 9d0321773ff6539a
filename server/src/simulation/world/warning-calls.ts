/** Warnings: those of the kernel's own helpers that stand in the library, and a driver's own `WARN_ON`. What they print, and where. */
import { expressionText } from '../../execution/expression-text.ts';
import type { MmProblem } from '../../mm/problem.ts';
import { libraryFile } from '../library/library.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { intValue, numberOf } from './values.ts';

/** Where Linux has the function. */
const files: Readonly<Record<string, string>> = { seq_open: 'fs/seq_file.c' };

/** The warning of a condition that holds, in this function. */
function warningOf({ call }: CallContext, name: string): MmProblem {
  if (call.file === libraryFile) {
    const file = files[name] ?? 'lib';
    return {
      kind: 'warning',
      message: `${name}() is called for what is in use already, and warns.`,
      kernelLog: `WARNING: at ${file} ${name}`,
      where: { function: name, file },
    };
  }
  const condition = call.expressions[0];
  return {
    kind: 'warning',
    message: `The driver warns in ${name}(): \`${call.name}(${condition ? expressionText(condition) : ''})\` holds.`,
    kernelLog: `WARNING: at ${call.file.slice(call.file.lastIndexOf('/') + 1)} ${name}`,
    where: { function: name, file: call.file },
  };
}

/** `WARN_ON(condition)` and its relatives: whether it holds. With states that are assumed a driver's own say nothing. */
function warns(once: boolean): KernelCall {
  return (context) => {
    const { call, machine, system, environment } = context;
    const number = numberOf(call.arguments[0]);
    const isTrue = call.arguments[0]?.kind === 'pointer' || (number !== undefined && number !== 0n);
    if (number === undefined && !isTrue) return call.file === libraryFile ? intValue(0) : undefined;
    if (isTrue && (call.file === libraryFile || environment.asItRuns)) {
      const problem = warningOf(context, machine.frames.at(-1)?.function ?? '');
      if (once) system.warnOnce(problem);
      else system.report(problem);
    }
    return intValue(isTrue ? 1 : 0);
  };
}

export const warningCalls: KernelCallTable = {
  WARN_ON: warns(false),
  WARN: warns(false),
  WARN_ON_ONCE: warns(true),
  WARN_ONCE: warns(true),
};
