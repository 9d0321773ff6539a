/**
 * `npm run test:kernel [-- MODULE…] [--kernel 6.1|6.12|6.12-debug] [--write] [--build-debug-kernel]`: performs the scenarios in
 * real kernels and prints what differs from the recordings; `--write` replaces them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildDebugKernel } from './runner/debug-kernel.ts';
import { getKernel, type Kernel, type KernelName, kernelNames, recordedKernels, seriesOf } from './runner/kernels.ts';
import { buildInit, buildModules, moduleNames } from './runner/modules.ts';
import { keyOf, record } from './runner/record.ts';
import { formatRecording, formatScenario, parseRecording, type RecordedScenario } from './runner/recording.ts';
import { needPrograms, OracleProblem } from './runner/tools.ts';
import { kernelScenarios } from './scenarios/index.ts';

// The bundle lies in dist/run/, as deep as this file.
const oracle = path.join(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))), 'test/kernel');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kernel: { type: 'string', multiple: true }, write: { type: 'boolean' }, 'build-debug-kernel': { type: 'boolean' } },
});

function kernelsAskedFor(): readonly KernelName[] {
  if (!values.kernel) return kernelNames;
  return values.kernel.map((name) => {
    const kernel = recordedKernels.find((each) => each === name);
    if (kernel === undefined) throw new OracleProblem(`--kernel takes ${recordedKernels.join(', ')}, not ${name}.`);
    return kernel;
  });
}

function modulesAskedFor(): readonly string[] {
  const all = moduleNames(oracle);
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new OracleProblem(`There is no test/kernel/drivers/${unknown}.c.`);
  return positionals.length > 0 ? positionals : all;
}

const recordingFile = (kernel: Kernel, module: string) => path.join(oracle, 'recordings', kernel.name, `${module}.txt`);

/** What stood in the recording of a module before, by scenario. */
function recordedBefore(file: string): ReadonlyMap<string, RecordedScenario> {
  if (!existsSync(file)) return new Map();
  return new Map(parseRecording(readFileSync(file, 'utf8')).scenarios.map((each) => [each.name, each]));
}

/** Prints what differs; the number of scenarios that do. */
function printDifferences(module: string, before: ReadonlyMap<string, RecordedScenario>, now: readonly RecordedScenario[]): number {
  let count = 0;
  for (const scenario of now) {
    const old = before.get(scenario.name);
    const [oldText, newText] = [old ? formatScenario(old) : '', formatScenario(scenario)];
    if (oldText === newText) continue;
    count += 1;
    if (!old) continue;
    const [oldLines, newLines] = [oldText.split('\n'), newText.split('\n')];
    console.log(`${module} ${scenario.name}`);
    for (const line of oldLines) if (!newLines.includes(line)) console.log(`  - ${line}`);
    for (const line of newLines) if (!oldLines.includes(line)) console.log(`  + ${line}`);
  }
  return count;
}

function writeRecording(kernel: Kernel, module: string, scenarios: readonly RecordedScenario[]): void {
  const file = recordingFile(kernel, module);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, formatRecording({ module, version: kernel.version, scenarios }));
}

async function recordKernel(name: KernelName, modules: readonly string[]): Promise<boolean> {
  const kernel = getKernel(name);
  const init = buildInit(oracle);
  const built = buildModules(kernel, oracle, modules);
  for (const [module, said] of built.failed) console.log(`${module}.c does not build for ${name}:\n${said}`);
  const scenarios = kernelScenarios().filter(
    ({ module, kernels }) => modules.includes(module) && built.files.has(module) && (kernels?.includes(seriesOf(name)) ?? true),
  );
  const started = Date.now();
  const told = (done: number) => {
    if (done % 100 === 0) console.log(`${name}: ${done} of ${scenarios.length}, ${Math.round((Date.now() - started) / 1000)} s`);
  };
  const outcomes = (recorded: ReadonlyMap<string, RecordedScenario>) =>
    modules.map(
      (module) =>
        [module, scenarios.flatMap((each) => (each.module === module ? (recorded.get(keyOf(module, each.name)) ?? []) : []))] as const,
    );
  const before = new Map(modules.map((module) => [module, recordedBefore(recordingFile(kernel, module))]));
  const run = await record(kernel, built, init, scenarios, told, (recorded) => {
    if (values.write) for (const [module, now] of outcomes(recorded)) if (now.length > 0) writeRecording(kernel, module, now);
  });
  let different = 0;
  for (const [module, now] of outcomes(run.recorded)) different += printDifferences(module, before.get(module) ?? new Map(), now);
  for (const [key, why] of run.left) console.log(`${key}: left out, because ${why}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `Linux ${kernel.version}: ${run.recorded.size} scenarios in ${run.boots} boots and ${seconds} s; ${different} are new or differ from the recordings.`,
  );
  return values.write === true || (different === 0 && built.failed.size === 0);
}

try {
  needPrograms();
  if (values['build-debug-kernel']) buildDebugKernel(oracle);
  const modules = modulesAskedFor();
  let same = true;
  for (const name of kernelsAskedFor()) same = (await recordKernel(name, modules)) && same;
  process.exitCode = same ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof OracleProblem)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 2;
}
