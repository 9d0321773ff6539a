/** The driver of a scenario: which file it is, and what it can tell to complete a line. Runs the scenario for the values that a run assumes. */
import type { Driver } from '../driver/model.ts';
import { folderOf, joinPath } from '../driver/paths.ts';
import { parseScenario } from '../simulation/scenario/parse.ts';
import type { SourceDocument } from './document.ts';
import type { ScenarioDriver } from './scenario-completion.ts';
import { simulateDocument } from './simulate.ts';

/** The C file that a scenario is about: the one that it names, else the one of its own name beside it. Absolute, with `/`. */
export function driverPath(text: string, file: string): string {
  const stated = parseScenario(text).scenario.statements.find(({ action }) => action.kind === 'driver')?.action;
  if (stated?.kind === 'driver') return stated.file.startsWith('/') ? stated.file : joinPath(folderOf(file), stated.file);
  const name = file.slice(file.lastIndexOf('/') + 1);
  return joinPath(folderOf(file), `${name.split('.')[0] ?? name}.c`);
}

/** What the driver tells the scenario `text`, in which line `line` (from 0) is being written. */
export function driverFor(document: SourceDocument, text: string, file: string, line: number): ScenarioDriver {
  return {
    commands: () => ioctlCommands(document.driver),
    assumptions: () => {
      const lines = text.split(/\r?\n/);
      const others = lines.filter((_, index) => index !== line).join('\n');
      const result = simulateDocument(document, { scenario: others, scenarioFile: file });
      if (result.kind === 'failed') return [];
      return result.trace.assumptions.filter(({ settable }) => settable === true).map(({ name }) => name);
    },
  };
}

/** Macros that are made as ioctl commands are, and what the ioctl functions of the tables have behind `case`. */
function ioctlCommands(driver: Driver): readonly string[] {
  const macros = [...driver.macros.values()].filter(({ body }) => /\b_IO[RWC]*\s*\(/.test(body)).map(({ name }) => name);
  const functions = driver.tables.flatMap(({ entries }) => entries.filter(({ slot }) => slot.endsWith('ioctl')));
  const cases = functions.flatMap((entry) => {
    const header = driver.functions.get(entry.function);
    const text = header && driver.files.get(header.file)?.slice(header.span.start, header.span.end);
    return [...(text?.matchAll(/\bcase\s+([A-Za-z_]\w*)\s*:/g) ?? [])].map(([, name = '']) => name);
  });
  return [...new Set([...cases, ...macros])];
}
