/** `driver-mmap check`: findings of files and folders. */
import path from 'node:path';
import { readText } from '../host/files.ts';
import { productVersion } from '../host/product.ts';
import { beyondKnown, newestKernel, parseVersion } from '../kernel/version.ts';
import type { CheckProblem, Finding, Severity } from '../protocol/findings.ts';
import { ruleNamed, rules } from '../rules/registry.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';
import { applyFixes } from './apply-fixes.ts';
import { readBaseline, writeBaseline } from './baseline.ts';
import { type Arguments, UsageError } from './command.ts';
import { fingerprintsOf, type LineReader } from './fingerprint.ts';
import { formatGithub } from './format-github.ts';
import { formatCheckJson } from './format-json.ts';
import { formatSarif } from './format-sarif.ts';
import { formatFinding, shown } from './format-text.ts';
import { inputFiles } from './inputs.ts';
import { distinctProblems, type FileResult, type FileTask } from './inspect.ts';
import { inspectAll, jobsOf } from './pool.ts';
import type { Output } from './terminal.ts';

const rank: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, hint: 0 };

export async function runCheck(given: Arguments, output: Output): Promise<number> {
  const task: FileTask = {
    kind: 'check',
    kernel: given.text('kernel') ?? 'auto',
    options: {
      select: ruleNames(given.list('select')),
      ignore: ruleNames(given.list('ignore')),
      possible: given.has('possible'),
      prove: true,
    },
  };
  const jobs = jobsOf(given.text('jobs'));
  const files = inputFiles(given.operands);
  let results = await inspectAll(files, task, jobs, (count) => output.progress(`${count} of ${files.length} files`));
  if (given.has('fix')) {
    const fixed = applyFixes(results.flatMap((result) => result.findings));
    for (const problem of fixed.problems) throw new UsageError(`Cannot write ${shown(problem.file)}: ${problem.message}.`);
    if (fixed.applied > 0) {
      output.note(`${counted(fixed.applied, 'fix', 'fixes')} applied in ${counted(fixed.files.length, 'file')}.`);
      results = await inspectAll(files, task, jobs, () => undefined);
    }
  }
  const all = distinct(results);
  const lines = lineReader();
  const nameOf = (file: string): string => shown(file).split(path.sep).join('/');
  const marks = fingerprintsOf(all, lines, nameOf);
  const written = given.text('write-baseline');
  if (written !== undefined) {
    writeBaseline(written, all, marks, nameOf);
    output.note(`${counted(all.length, 'finding')} written to ${written}.`);
  }
  const accepted = acceptedBy(given.text('baseline') ?? written);
  const kept = all.map((finding, index) => ({ finding, mark: marks[index] ?? '' })).filter(({ mark }) => !accepted.has(mark));
  const findings = kept.map(({ finding }) => finding);
  const problems = distinctProblems(results);
  const report: Report = {
    findings,
    fingerprints: kept.map(({ mark }) => mark),
    problems,
    files: results.filter(({ read }) => read).length,
    // A file that is dismissed is read for no kernel.
    mapsMemory: results.some(({ kernel }) => kernel !== undefined),
    kernel: kernelOf(results, task.kernel),
  };
  print(report, lines, given, output);
  const unknown = beyondKnown(parseVersion(report.kernel) ?? newestKernel);
  if (unknown !== undefined) output.note(unknown);
  if (kept.length < all.length && written === undefined)
    output.note(`${counted(all.length - kept.length, 'finding')} left out by the baseline.`);

  if (results.some(({ failed }) => failed)) return 2;
  const limit = rank[(given.text('fail-on') ?? 'warning') as Severity];
  return findings.some((finding) => rank[finding.severity] >= limit) ? 1 : 0;
}

interface Report {
  readonly findings: readonly Finding[];
  /** One for each finding. */
  readonly fingerprints: readonly string[];
  readonly problems: readonly CheckProblem[];
  /** How many were checked. */
  readonly files: number;
  /** Whether one of them has code that may map memory. */
  readonly mapsMemory: boolean;
  readonly kernel: string;
}

function print(report: Report, lines: LineReader, given: Arguments, output: Output): void {
  const { findings, fingerprints, problems, files, mapsMemory, kernel } = report;
  switch (given.text('format')) {
    case 'json':
      output.out(formatCheckJson({ version: productVersion, kernel, files, findings, problems }));
      return;
    case 'sarif':
      output.out(formatSarif({ version: productVersion, rules, findings, fingerprints, problems, root: process.cwd() }));
      return;
    default:
  }
  for (const problem of problems) output.note(`${shown(problem.file)}: ${problem.message}`);
  if (given.text('format') === 'github') {
    for (const finding of findings) output.out(formatGithub(finding));
    return;
  }
  for (const finding of findings) output.out(`${formatFinding(finding, output, lines)}\n`);
  const inFiles = new Set(findings.map((finding) => finding.file)).size;
  const summary = findings.length > 0 ? `${counted(findings.length, 'finding')} in ${counted(inFiles, 'file')}` : 'No findings';
  const none = files > 0 && !mapsMemory ? `, and no code in ${files === 1 ? 'it' : 'them'} that maps memory` : '';
  output.note(`${summary}; ${counted(files, 'file')} checked${none}.`);
}

/** The kernel that all files were read for; with files of several trees, what was asked for. */
function kernelOf(results: readonly FileResult[], asked: string): string {
  const kernels = new Set(results.flatMap((result) => result.kernel ?? []));
  const [only] = kernels;
  return kernels.size === 1 && only !== undefined ? only : asked;
}

/** A header is read with each file that includes it: its findings count once. */
function distinct(results: readonly FileResult[]): readonly Finding[] {
  const seen = new Set<string>();
  return results
    .flatMap((result) => result.findings)
    .filter((finding) => {
      const key = `${finding.file}\n${finding.rule}\n${finding.range.start.line}:${finding.range.start.character}`;
      return !seen.has(key) && seen.add(key);
    });
}

function ruleNames(names: readonly string[]): readonly string[] | undefined {
  for (const name of names) {
    if (!ruleNamed(name)) {
      throw new UsageError(
        `There is no rule ${name}; driver-mmap rules lists them.${didYouMean(
          name,
          rules.map((rule) => rule.name),
        )}`,
      );
    }
  }
  return names.length > 0 ? names : undefined;
}

function acceptedBy(baseline: string | undefined): ReadonlySet<string> {
  return baseline === undefined ? new Set() : readBaseline(baseline);
}

function lineReader(): LineReader {
  const known = new Map<string, readonly string[]>();
  return (file, line) => {
    let lines = known.get(file);
    if (!lines) {
      try {
        lines = readText(file).split(/\r?\n/);
      } catch {
        lines = [];
      }
      known.set(file, lines);
    }
    return lines[line];
  };
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
