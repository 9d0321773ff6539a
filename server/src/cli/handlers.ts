/** `driver-mmap handlers`: where the mapping and fault handlers are. */
import type { Arguments } from './command.ts';
import { shown } from './format-text.ts';
import { inputFiles } from './inputs.ts';
import { distinctProblems } from './inspect.ts';
import { inspectAll, jobsOf } from './pool.ts';
import type { Output } from './terminal.ts';

export async function runHandlers(given: Arguments, output: Output): Promise<number> {
  const files = inputFiles(given.operands);
  const task = { kind: 'handlers', kernel: given.text('kernel') ?? 'auto', options: {} } as const;
  const results = await inspectAll(files, task, jobsOf(given.text('jobs')), (count) =>
    output.progress(`${count} of ${files.length} files`),
  );
  // A handler that another file of the folder registers is found with both.
  const handlers = [...new Map(results.flatMap((result) => result.handlers).map((row) => [JSON.stringify(row), row])).values()];
  if (given.text('format') === 'json') {
    const rows = handlers.map((handler) => ({
      function: handler.function,
      slot: handler.slot,
      kind: handler.kind,
      file: handler.file,
      line: handler.line,
      registeredAt: handler.registeredAt ?? null,
    }));
    output.out(`${JSON.stringify({ handlers: rows }, null, 1)}\n`);
  } else {
    for (const handler of handlers) {
      const at = handler.registeredAt ? `, registered at ${shown(handler.registeredAt.file)}:${handler.registeredAt.line}` : '';
      output.out(`${shown(handler.file)}:${handler.line}: ${handler.function} (${handler.slot}${at})\n`);
    }
  }
  for (const problem of distinctProblems(results)) output.note(`${shown(problem.file)}: ${problem.message}`);
  if (handlers.length === 0) output.note(`No mapping handlers in ${files.length === 1 ? 'this file' : `these ${files.length} files`}.`);
  return results.some(({ failed }) => failed) ? 2 : 0;
}
