/**
 * What a real kernel did in the scenarios of one module, and its text: one file in `recordings/` for each module and kernel.
 * Knows neither how it was recorded nor what the simulator says.
 */

export interface RecordedStatement {
  readonly text: string;
  /** `ok`, `0x5`, `EINVAL`, `SIGBUS`, `hang`, `stuck`, `killed`; absent for statements after one that ended the scenario. */
  readonly outcome?: string;
}

export interface RecordedScenario {
  readonly name: string;
  readonly statements: readonly RecordedStatement[];
  /** Mappings, pages and counts after the last statement, then counts and pages after everybody has exited; see ../README.md. */
  readonly state: readonly string[];
  /** What the kernel said, as `kernel-messages.ts` writes it. */
  readonly messages: readonly string[];
}

/** The message of a scenario that nobody came back from: the kernel died with locks that all others need. No statement has an outcome then. */
export const machineStops = 'the machine stops';

export interface Recording {
  readonly module: string;
  /** `6.12.117`. */
  readonly version: string;
  readonly scenarios: readonly RecordedScenario[];
}

/** The file's text. */
export function formatRecording({ module, version, scenarios }: Recording): string {
  return `# ${module} on Linux ${version}\n${scenarios.map(formatScenario).join('')}`;
}

/** The lines of one scenario, after an empty one. */
export function formatScenario({ name, statements, state, messages }: RecordedScenario): string {
  const lines = [
    `== ${name}`,
    ...statements.map(({ text, outcome }) => (outcome === undefined ? text : `${text} -> ${outcome}`)),
    ...state.map((line) => `. ${line}`),
    ...messages.map((line) => `! ${line}`),
  ];
  return `\n${lines.join('\n')}\n`;
}

/** Reads what `formatRecording` wrote; throws for anything else, because the files are ours. */
export function parseRecording(text: string): Recording {
  const [head = '', ...lines] = text.split('\n');
  const match = /^# (\S+) on Linux (\S+)$/.exec(head);
  if (!match) throw new Error(`A recording begins with \`# MODULE on Linux VERSION\`, not with: ${head}`);
  const scenarios: { name: string; statements: RecordedStatement[]; state: string[]; messages: string[] }[] = [];
  for (const line of lines) {
    const current = scenarios.at(-1);
    if (line.startsWith('== ')) scenarios.push({ name: line.slice(3), statements: [], state: [], messages: [] });
    else if (line.startsWith('. ')) current?.state.push(line.slice(2));
    else if (line.startsWith('! ')) current?.messages.push(line.slice(2));
    else if (line !== '') current?.statements.push(parseStatement(line));
  }
  return { module: match[1] ?? '', version: match[2] ?? '', scenarios };
}

function parseStatement(line: string): RecordedStatement {
  const at = line.lastIndexOf(' -> ');
  return at < 0 ? { text: line } : { text: line.slice(0, at), outcome: line.slice(at + 4) };
}
