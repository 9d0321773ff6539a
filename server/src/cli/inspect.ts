/**
 * What `check` and `handlers` do with one file: the part that runs in worker threads. Takes and returns plain data.
 * An error of ours in one file becomes that file's problem, and the others go on.
 */

import { isWorthChecking, isWorthReading, mayHaveHandlers } from '../driver/relevance.ts';
import { fileHost, readBytes, reason, textOf } from '../host/files.ts';
import { loadNodeGrammar } from '../host/grammar.ts';
import { type CheckOptions, checkDocument } from '../ide/check.ts';
import { SourceDocument } from '../ide/document.ts';
import { type HandlerRow, listHandlers } from '../ide/handlers.ts';
import { projectFor, targetIn } from '../ide/project.ts';
import { formatVersion } from '../kernel/version.ts';
import type { CheckProblem, Finding } from '../protocol/findings.ts';
import { mayIgnore } from '../rules/support/text/ignore-comments.ts';
import { codeOf } from '../syntax/lexemes.ts';

export interface FileTask {
  readonly kind: 'check' | 'handlers';
  /** `auto` or a version. */
  readonly kernel: string;
  readonly options: CheckOptions;
}

export interface FileResult {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly handlers: readonly HandlerRow[];
  readonly problems: readonly CheckProblem[];
  /** The kernel that the file was read for; absent when it was dismissed unread. */
  readonly kernel?: string;
  /** False when the file could not be read. */
  readonly read: boolean;
  /** Whether it, or the settings of its project, could not be used as they are, or an error of ours came between. */
  readonly failed: boolean;
}

/** A function that inspects files by path, one after the other. */
export async function createInspector(task: FileTask): Promise<(file: string) => FileResult> {
  const grammar = await loadNodeGrammar();
  const host = fileHost();
  return (file) => {
    const nothing = { file, findings: [], handlers: [], problems: [], read: true, failed: false };
    let text: string | undefined;
    try {
      text = worthReading(file, task.kind);
    } catch (error) {
      return { ...nothing, read: false, failed: true, problems: [{ file, message: `The file cannot be read: ${reason(error)}.` }] };
    }
    try {
      if (text === undefined) return nothing;
      const project = projectFor(file, host);
      const failed = project.problems.length > 0;
      const target = targetIn(project, file, task.kernel, host);
      const kernel = formatVersion(target.version);
      const document = new SourceDocument({ grammar, host, target }, file, text);
      if (task.kind === 'handlers') return { ...nothing, failed, kernel, handlers: listHandlers(document), problems: project.problems };
      const { findings, problems } = checkDocument(document, {
        ...task.options,
        severities: new Map([...(task.options.severities ?? []), ...project.rules]),
      });
      return { ...nothing, failed, kernel, findings, problems: [...project.problems, ...problems] };
    } catch (error) {
      return { ...nothing, failed: true, problems: [{ file, message: `The file could not be analysed: ${reason(error)}` }] };
    }
  };
}

/** The text of a file that there may be something to say about; 29 files of 30 of a kernel tree are dismissed as bytes. */
function worthReading(file: string, kind: FileTask['kind']): string | undefined {
  const bytes = readBytes(file);
  if (!bytes.includes(0) && !mayHaveHandlers(bytes.toString('latin1'))) return undefined;
  const text = textOf(bytes);
  const code = codeOf(text);
  const isWorth = isWorthReading(code) && (kind === 'handlers' || isWorthChecking(code));
  return isWorth || mayIgnore(text) ? text : undefined;
}

/** The problems of all files; what is wrong with a project's settings is told with each of its files, and counts once. */
export function distinctProblems(results: readonly { readonly problems?: readonly CheckProblem[] }[]): readonly CheckProblem[] {
  return [
    ...new Map(
      results.flatMap(({ problems = [] }) => problems).map((problem) => [`${problem.file}\n${problem.message}`, problem]),
    ).values(),
  ];
}
