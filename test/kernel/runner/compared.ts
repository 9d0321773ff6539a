/** All recordings of a kernel held against the simulator: which scenarios differ, and in what. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildDriver } from '../../../server/src/driver/build.ts';
import type { Driver, Target } from '../../../server/src/driver/model.ts';
import { parseVersion } from '../../../server/src/kernel/version.ts';
import type { Grammar } from '../../../server/src/syntax/grammar.ts';
import { SyntaxFile } from '../../../server/src/syntax/syntax-file.ts';
import { differencesOf } from './comparison.ts';
import type { KernelName } from './kernels.ts';
import { parseRecording, type Recording } from './recording.ts';
import { simulateRecorded } from './simulated.ts';

export interface ComparedScenario {
  readonly module: string;
  readonly scenario: string;
  readonly differences: readonly string[];
}

/** The recordings of `recordings/KERNEL/`, by module. */
export function recordingsOf(oracle: string, kernel: KernelName): readonly Recording[] {
  const folder = path.join(oracle, 'recordings', kernel);
  return readdirSync(folder)
    .sort()
    .map((file) => parseRecording(readFileSync(path.join(folder, file), 'utf8')));
}

/** The module as our interpreter reads it for this version. */
export function driverOfModule(oracle: string, grammar: Grammar, module: string, version: string): Driver {
  const kernel = parseVersion(version);
  if (!kernel) throw new Error(`${version} is no version`);
  const target: Target = { version: kernel, config: new Map(), longBits: 64 };
  const file = path.join(oracle, 'drivers', `${module}.c`);
  const syntax = new SyntaxFile(grammar, readFileSync(file, 'utf8'), target);
  const readFile = (wanted: string) => {
    try {
      return readFileSync(wanted, 'utf8');
    } catch {
      return undefined;
    }
  };
  return buildDriver({ grammar, host: { readFile }, target }, file, syntax);
}

/** Every scenario of a recording of this kernel, with its differences. */
export function compareRecording(
  oracle: string,
  grammar: Grammar,
  { module, version, scenarios }: Recording,
  kernel: KernelName,
): readonly ComparedScenario[] {
  const driver = driverOfModule(oracle, grammar, module, version);
  return scenarios.map((scenario) => {
    try {
      return { module, scenario: scenario.name, differences: differencesOf(scenario, simulateRecorded(driver, version, scenario, kernel)) };
    } catch (thrown) {
      return { module, scenario: scenario.name, differences: [`the simulator fails: ${thrown instanceof Error ? thrown.stack : thrown}`] };
    }
  });
}
