/**
 * Entry of the command line: picks the command, prints one line for a usage error and gives the exit code of the
 * contract: 0 nothing to report, 1 findings or a failed expectation, 2 bad usage, unreadable input or an internal error.
 */
import { isMainThread } from 'node:worker_threads';
import { productVersion } from '../host/product.ts';
import { runCheck } from './check.ts';
import { type Arguments, commands, helpText, parseCommand, UsageError } from './command.ts';
import { runConfig } from './config.ts';
import { runExplain } from './explain.ts';
import { runHandlers } from './handlers.ts';
import { runRules } from './rules.ts';
import { runSimulate } from './simulate.ts';
import { type Output, terminal } from './terminal.ts';
import { runTest } from './test.ts';
import { serveFiles } from './worker.ts';

type Run = (given: Arguments, output: Output) => Promise<number>;

const runs: Readonly<Record<string, Run>> = {
  check: runCheck,
  handlers: runHandlers,
  simulate: runSimulate,
  test: runTest,
  explain: runExplain,
  config: runConfig,
  rules: runRules,
  lsp: async (given) => {
    if (!given.has('stdio'))
      throw new UsageError('The language server talks over standard input and output only: driver-mmap lsp --stdio.');
    const { serve } = await import('../lsp/server.ts');
    await serve();
    return 0;
  },
};

async function main(words: readonly string[], output: Output): Promise<number> {
  const [first, ...rest] = words;
  if (first === '--version' || first === '-V') {
    output.out(`driver-mmap ${productVersion}\n`);
    return 0;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const about = commands.find((command) => command.name === rest[0]);
    output.out(helpText(about));
    return first === undefined ? 2 : 0;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    const about = commands.find((command) => command.name === first);
    output.out(helpText(about));
    return about ? 0 : 2;
  }
  const given = parseCommand(first, rest);
  const run = runs[given.command.name];
  if (!run) throw new UsageError(`The command ${first} has no program.`);
  return await run(given, output);
}

if (isMainThread) {
  const output = terminal();
  // A reader that goes away (`| head`) is no error of ours.
  process.stdout.on('error', () => process.exit(0));
  main(process.argv.slice(2), output).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const message =
        error instanceof UsageError ? error.message : `Internal error: ${error instanceof Error ? error.message : String(error)}`;
      output.note(`driver-mmap: ${message}`);
      if (process.env.DRIVER_MMAP_DEBUG && error instanceof Error) output.note(error.stack ?? '');
      process.exitCode = 2;
    },
  );
} else {
  serveFiles();
}
