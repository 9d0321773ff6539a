/**
 * The command line as a table: commands, options, what they take. Parsing, the help text and the one-line usage errors
 * come from it. Knows nothing of what the commands do.
 */
import { parseArgs } from 'node:util';
import { parseVersion } from '../kernel/version.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';

/** Bad usage, unreadable input: said in one line on stderr, exit 2. */
export class UsageError extends Error {}

interface Option {
  readonly name: string;
  /** What the value is called in the help; absent for a switch. */
  readonly value?: string;
  /** The switch without which it says nothing. */
  readonly goesWith?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface Command {
  readonly name: string;
  readonly operands: string;
  readonly help: string;
  readonly options: readonly Option[];
}

const severalVersions = 'V[,V…]';
const kernel: Option = {
  name: 'kernel',
  value: 'V|auto',
  help: 'the Linux version, such as 6.12 (default: auto, from the tree above the file)',
};
const format = (choices: readonly string[]): Option => ({
  name: 'format',
  value: choices.join('|'),
  choices,
  help: `how to print (default: ${choices[0]})`,
});

export const commands: readonly Command[] = [
  {
    name: 'check',
    operands: '[PATH…]',
    help: 'Report misuse of mmap and fault handlers in C files and folders (default: this folder).',
    options: [
      kernel,
      format(['text', 'json', 'sarif', 'github']),
      { name: 'select', value: 'RULE,…', help: 'only these rules' },
      { name: 'ignore', value: 'RULE,…', help: 'all but these rules' },
      { name: 'fix', help: 'apply the safe fixes to the files' },
      { name: 'jobs', value: 'N', help: 'how many files at a time (default: one for each processor)' },
      {
        name: 'fail-on',
        value: 'error|warning|info',
        choices: ['error', 'warning', 'info'],
        help: 'the severity that gives exit 1 (default: warning)',
      },
      { name: 'possible', help: 'report findings of low confidence too' },
      { name: 'baseline', value: 'FILE', help: 'leave out the findings that the file lists' },
      { name: 'write-baseline', value: 'FILE', help: 'list the findings of now in the file' },
    ],
  },
  {
    name: 'handlers',
    operands: '[PATH…]',
    help: 'List the mapping and fault handlers, with the slot and the place of their registration.',
    options: [kernel, format(['text', 'json']), { name: 'jobs', value: 'N', help: 'how many files at a time' }],
  },
  {
    name: 'simulate',
    operands: 'FILE[:HANDLER]',
    help: 'Run a handler against the model of Linux mm and print what happens.',
    options: [
      { ...kernel, value: severalVersions, help: 'one Linux version or several' },
      {
        name: 'scenario',
        value: 'FILE',
        help: 'what the user program does, - for standard input (default: a scenario made for the handler)',
      },
      { name: 'attack', help: 'try what a hostile program would; exit 1 when a way to a problem is found' },
      { name: 'seed', value: 'N', goesWith: 'attack', help: 'which combinations are tried (default: 1)' },
      { name: 'budget', value: 'STEPS', goesWith: 'attack', help: 'how many steps it may take (default: 40000)' },
      { name: 'possible', goesWith: 'attack', help: 'also print what depends on an assumed value' },
      format(['text', 'json']),
    ],
  },
  {
    name: 'test',
    operands: '[PATH…]',
    help: 'Run scenarios (*.mmapsim) as tests, each on the driver that it names or that stands beside it.',
    options: [
      { ...kernel, value: severalVersions, help: 'run each on these Linux versions (default: what it says)' },
      format(['text', 'tap', 'junit', 'json']),
    ],
  },
  {
    name: 'explain',
    operands: 'RULE|CALL|FLAG',
    help: 'Explain a rule, or a call, flag or slot of Linux.',
    options: [{ ...kernel, value: 'V', help: 'what holds in this Linux version (default: the newest that is known)' }],
  },
  {
    name: 'config',
    operands: '[PATH]',
    help: 'Show the settings that hold for a file or folder (default: this folder), and where each came from.',
    options: [kernel, format(['text', 'json'])],
  },
  { name: 'rules', operands: '', help: 'List the rules.', options: [format(['text', 'json'])] },
  {
    name: 'lsp',
    operands: '',
    help: 'Run the language server.',
    options: [{ name: 'stdio', help: 'talk over standard input and output' }],
  },
];

export interface Arguments {
  readonly command: Command;
  readonly operands: readonly string[];
  /** The text of an option with a value. */
  text(name: string): string | undefined;
  /** Whether a switch is there. */
  has(name: string): boolean;
  /** The parts of a comma-separated option, each once; empty when it is absent. */
  list(name: string): readonly string[];
}

/** Reads `words` after the command's name. Throws `UsageError` with a sentence that names what is wrong and what is allowed. */
export function parseCommand(name: string, words: readonly string[]): Arguments {
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const names = commands.map((each) => each.name);
    throw new UsageError(`Unknown command ${name}; there are ${names.join(', ')}.${didYouMean(name, names)}`);
  }
  const options = Object.fromEntries(
    command.options.map((option) => [option.name, { type: option.value === undefined ? ('boolean' as const) : ('string' as const) }]),
  );
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${usageReason(error)} See driver-mmap ${name} --help.`);
  }
  for (const option of command.options) {
    const given = parsed.values[option.name];
    if (given !== undefined && option.goesWith !== undefined && parsed.values[option.goesWith] === undefined) {
      throw new UsageError(`--${option.name} goes with --${option.goesWith} alone; add it, or leave out --${option.name}.`);
    }
    if (given === '' && option.name !== 'kernel') throw new UsageError(`--${option.name} takes ${option.value}, not an empty word.`);
    if (option.choices && typeof given === 'string' && !option.choices.includes(given)) {
      throw new UsageError(`--${option.name} takes ${option.choices.join(', ')}, not ${given}.`);
    }
  }
  const text = (option: string): string | undefined => {
    const given = parsed.values[option];
    return typeof given === 'string' ? given : undefined;
  };
  checkVersions(text('kernel'), command);
  const [operand] = parsed.positionals;
  if (operand !== undefined && command.operands === '') throw new UsageError(`${name} takes options alone, not ${operand}.`);
  return {
    command,
    operands: parsed.positionals,
    text,
    has: (option) => parsed.values[option] === true,
    list: (option) => [
      ...new Set(
        (text(option) ?? '')
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
    ],
  };
}

function checkVersions(given: string | undefined, command: Command): void {
  if (given === undefined) return;
  const parts = given.split(',');
  const takesSeveral = command.options.some(({ name, value }) => name === 'kernel' && value === severalVersions);
  for (const part of parts) {
    if (part !== 'auto' && !parseVersion(part)) {
      throw new UsageError(`--kernel takes auto or a version such as 6.12 or 2.6.15, not ${part === '' ? 'an empty word' : part}.`);
    }
  }
  if (parts.length > 1 && !takesSeveral)
    throw new UsageError(`${command.name} takes one version; run it once for each of ${parts.join(', ')}.`);
}

/** Node's own sentence names the option; its advice about `--` does not fit here. */
function usageReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split(/\.\s/)[0] ?? message;
  return first.endsWith('.') ? first : `${first}.`;
}

/** The help of all commands, or of one. */
export function helpText(command?: Command): string {
  if (command) {
    const width = Math.max(...command.options.map((option) => optionHead(option).length), 0);
    const options = command.options.map(
      (option) =>
        `  ${optionHead(option).padEnd(width)}  ${option.goesWith === undefined ? '' : `with --${option.goesWith}: `}${option.help}`,
    );
    return [
      `driver-mmap ${command.name} ${command.operands}`.trimEnd(),
      '',
      command.help,
      ...(options.length ? ['', ...options] : []),
      '',
    ].join('\n');
  }
  const heads = commands.map((each) => `${each.name} ${each.operands}`.trimEnd());
  const width = Math.max(...heads.map((head) => head.length));
  return [
    'driver-mmap finds misuse in Linux driver mmap handlers and simulates them.',
    '',
    ...commands.map((each, index) => `  driver-mmap ${heads[index]?.padEnd(width)}  ${each.help}`),
    '',
    'Options of a command: driver-mmap COMMAND --help. Version: driver-mmap --version.',
    'Exit 0: nothing at warning or above; 1: findings, or an expectation that failed; 2: bad usage, unreadable input or settings.',
    '',
  ].join('\n');
}

function optionHead(option: Option): string {
  return option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`;
}
