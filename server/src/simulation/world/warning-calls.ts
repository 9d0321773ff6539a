/** Warnings of the kernel's own helpers that stand in the library: what they print, and where. A driver's own are the services' matter. */
import { libraryFile } from '../library/library.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { intValue, numberOf } from './values.ts';

/** Where Linux has the function. */
const files: Readonly<Record<string, string>> = { seq_open: 'fs/seq_file.c' };

const warnOn: KernelCall = ({ call, machine, system }) => {
  if (call.file !== libraryFile) return undefined;
  const isTrue = call.arguments[0]?.kind === 'pointer' || (numberOf(call.arguments[0]) ?? 0n) !== 0n;
  const name = machine.frames.at(-1)?.function ?? '';
  const file = files[name] ?? 'lib';
  if (isTrue) {
    system.report({
      kind: 'warning',
      message: `${name}() is called for what is in use already, and warns.`,
      kernelLog: `WARNING: at ${file} ${name}`,
      where: { function: name, file },
    });
  }
  return intValue(isTrue ? 1 : 0);
};

export const warningCalls: KernelCallTable = { WARN_ON: warnOn };
