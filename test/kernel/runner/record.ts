/**
 * Has scenarios performed by a real kernel: as many as possible in one boot, the rest in the next when one of them stopped the
 * kernel. Gives what each did.
 */
import { readFileSync } from 'node:fs';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';
import type { KernelScenario } from '../scenarios/scenario.ts';
import { boot } from './boot.ts';
import { initramfs } from './initramfs.ts';
import { instructionsOf, NotPossible } from './instructions.ts';
import { normalisedMessages } from './kernel-messages.ts';
import type { Kernel } from './kernels.ts';
import { type BuiltModules, helper } from './modules.ts';
import { machineStops, type RecordedScenario } from './recording.ts';
import { stableLine } from './stable-lines.ts';

/** One line of the init program; one that is skipped has nothing but names. */
interface Report {
  readonly module: string;
  readonly scenario: string;
  readonly outcomes: readonly string[];
  readonly state: readonly string[];
  readonly exit: readonly string[];
  readonly messages: readonly string[];
  readonly kernel: string;
}

interface Prepared {
  readonly scenario: KernelScenario;
  readonly statements: readonly string[];
  readonly script: string;
}

export interface RecordedRun {
  /** By `module name`. */
  readonly recorded: ReadonlyMap<string, RecordedScenario>;
  /** Scenarios that the init program cannot perform, or that a boot did not survive, with the reason. */
  readonly left: ReadonlyMap<string, string>;
  readonly boots: number;
}

export const keyOf = (module: string, name: string) => `${module} ${name}`;

/** Performs the scenarios in order. `onProgress` is told how many are done, `onBoot` is shown all of them after each boot. */
export async function record(
  kernel: Kernel,
  { files }: BuiltModules,
  init: string,
  scenarios: readonly KernelScenario[],
  onProgress: (done: number) => void,
  onBoot: (recorded: ReadonlyMap<string, RecordedScenario>) => void,
): Promise<RecordedRun> {
  const recorded = new Map<string, RecordedScenario>();
  const left = new Map<string, string>();
  let rest = scenarios.flatMap((scenario): Prepared[] => {
    const prepared = prepare(scenario);
    if (typeof prepared !== 'string') return [prepared];
    left.set(keyOf(scenario.module, scenario.name), prepared);
    return [];
  });
  let boots = 0;
  while (rest.length > 0) {
    boots += 1;
    const wanted = new Set([helper, ...rest.map(({ scenario }) => scenario.module)]);
    const archive = initramfs([
      { path: 'init', content: readFileSync(init), executable: true },
      { path: 'script', content: Buffer.from(rest.map(({ script }) => script).join('')) },
      ...[...files]
        .filter(([name]) => wanted.has(name))
        .map(([name, file]) => ({ path: `modules/${name}.ko`, content: readFileSync(file) })),
    ]);
    let done = 0;
    let restarts = false;
    const skipped: Prepared[] = [];
    const result = await boot(kernel, archive, (line) => {
      const report = JSON.parse(line) as Report;
      if (report.kernel === 'restarts') {
        restarts = true;
        return;
      }
      const next = rest[done];
      if (!next || next.scenario.module !== report.module || next.scenario.name !== report.scenario)
        throw new Error(`The init program reports what was not asked for: ${line}`);
      done += 1;
      if (report.kernel === 'skips' || (done > 1 && isRefused(report))) skipped.push(next);
      else recorded.set(keyOf(report.module, report.scenario), recordedOf(next, report));
      onProgress(recorded.size);
    });
    const next = rest[done];
    if (next && !restarts) {
      const key = keyOf(next.scenario.module, next.scenario.name);
      if (result.console.includes('---[ end trace')) recorded.set(key, stopped(next));
      else left.set(key, `the machine died in it:\n${result.console}`);
      done += 1;
    }
    rest = [...rest.slice(done), ...skipped];
    onBoot(recorded);
  }
  return { recorded, left, boots };
}

/** The module could not be loaded: a process that died earlier in this boot may hold what it needs. */
function isRefused({ outcomes }: Report): boolean {
  return outcomes[0]?.startsWith('module ') ?? false;
}

function prepare(scenario: KernelScenario): Prepared | string {
  const { module, name, text } = scenario;
  const { scenario: parsed, problems } = parseScenario(text);
  if (problems[0]) return `line ${problems[0].line}: ${problems[0].message}`;
  try {
    const lines = instructionsOf(parsed.statements);
    const script = `scenario ${module} ${name}\n${lines.map((line) => `${line}\n`).join('')}end\n`;
    return { scenario, statements: parsed.statements.map((statement) => statement.text.trim()), script };
  } catch (thrown) {
    if (thrown instanceof NotPossible) return `the init program cannot perform ${thrown.message}`;
    throw thrown;
  }
}

function recordedOf({ scenario, statements }: Prepared, report: Report): RecordedScenario {
  const state = [...report.state, ...report.exit].map((line) => stableLine(line.replace(/^\. /, '')));
  return {
    name: scenario.name,
    statements: statements.map((text, index) => ({ text, ...outcome(report.outcomes[index]) })),
    state,
    messages: normalisedMessages(report.messages),
  };
}

/** What is known of a scenario in which the whole machine stopped. */
function stopped({ scenario, statements }: Prepared): RecordedScenario {
  return { name: scenario.name, statements: statements.map((text) => ({ text })), state: [], messages: [machineStops] };
}

function outcome(text: string | undefined): { readonly outcome?: string } {
  return text === undefined ? {} : { outcome: text };
}
