/** `driver-mmap config`: the settings that hold for a file, and where each came from. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileHost, reason } from '../host/files.ts';
import { originOfKernel, projectSettings } from '../ide/file-status.ts';
import { projectFor, targetIn } from '../ide/project.ts';
import { beyondKnown, formatVersion } from '../kernel/version.ts';
import { type Arguments, UsageError } from './command.ts';
import { shown } from './format-text.ts';
import type { Output } from './terminal.ts';

interface Row {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

export async function runConfig(given: Arguments, output: Output): Promise<number> {
  const [operand = '.', ...more] = given.operands;
  if (more.length > 0) throw new UsageError('config takes one file or folder.');
  const file = fileAt(operand);
  const host = fileHost();
  const project = projectFor(file, host);
  const asked = given.text('kernel') ?? 'auto';
  const { version } = targetIn(project, file, asked, host);
  const from = asked === 'auto' ? originOfKernel(file, asked, project, host) : '--kernel';
  const settings = projectSettings(project).filter(({ name }) => name !== 'kernel');
  const rows: readonly Row[] = [{ name: 'kernel', value: formatVersion(version), from }, ...settings];
  if (given.text('format') === 'json') output.out(`${JSON.stringify({ file: project.file ?? null, settings: rows }, null, 1)}\n`);
  else output.out(formatRows(rows));
  for (const problem of project.problems) output.note(`${shown(problem.file)}: ${problem.message}`);
  const unknown = beyondKnown(version);
  if (unknown !== undefined) output.note(unknown);
  return project.problems.length > 0 ? 2 : 0;
}

/** The file; for a folder one that would stand in it. */
function fileAt(operand: string): string {
  try {
    const place = path.resolve(operand);
    return statSync(place).isDirectory() ? path.join(place, 'driver.c') : place;
  } catch (error) {
    throw new UsageError(`Cannot read ${operand}: ${reason(error)}.`);
  }
}

/** `kernel  6.12  (/linux/Makefile)`, in columns. */
function formatRows(rows: readonly Row[]): string {
  const width = (key: 'name' | 'value') => Math.max(...rows.map((row) => row[key].length));
  const [names, values] = [width('name'), width('value')];
  const lines = rows.map(({ name, value, from }) => {
    const place = path.isAbsolute(from) ? shown(from) : from;
    return `${name.padEnd(names)}  ${value.padEnd(values)}  (${place})`;
  });
  return `${lines.join('\n')}\n`;
}
