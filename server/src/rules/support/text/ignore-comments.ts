/**
 * Comments that switch rules off where their author knows better: `driver-mmap: ignore RULE[,RULE…] REASON`. What one covers is
 * told by its place: the line that it stands on or before, the function that it stands before, or, before the first line of
 * code that is an #include or another directive, the file. Knows texts and functions, not what is found.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Span } from '../../../syntax/ast.ts';
import { lexemes } from '../../../syntax/lexemes.ts';

export interface IgnoreComment {
  readonly file: string;
  /** The whole comment. */
  readonly span: Span;
  /** The names as written, and where. */
  readonly rules: readonly { readonly name: string; readonly span: Span }[];
  /** Empty when the author gave none. */
  readonly reason: string;
  /** Where a report has to begin. */
  readonly covers: Span;
}

const instruction = /^(?:\/\*+|\/\/+)\s*driver-mmap:\s*ignore\b[ \t]*([\w-]+(?:\s*,\s*[\w-]+)*)?([\s\S]*?)(?:\*\/)?\s*$/;

/** Whether a text may hold such a comment. */
export function mayIgnore(text: string): boolean {
  return text.includes('driver-mmap:');
}

/** The comments of one of the driver's files, in the order of its text. */
export function ignoreCommentsOf(driver: Driver, file: string): readonly IgnoreComment[] {
  const text = file === driver.file ? driver.ownText : (driver.files.get(file) ?? '');
  return mayIgnore(text) ? commentsIn(driver, file, text) : [];
}

function commentsIn(driver: Driver, file: string, text: string): readonly IgnoreComment[] {
  const comments: IgnoreComment[] = [];
  const own = [...driver.functions.values()].filter((each) => each.file === file);
  const functions = new Map(own.map(({ span }) => [span.start, span]));
  const codeBehind = firstCode(text);
  let isTop = true;
  let codeFrom = 0;
  for (const match of text.matchAll(lexemes)) {
    isTop &&= text.slice(codeFrom, match.index).trim() === '' && match[0].startsWith('/');
    codeFrom = match.index + match[0].length;
    const words = instruction.exec(match[0]);
    if (!words) continue;
    const span = { start: match.index, end: codeFrom };
    const names = words[1] ?? '';
    const namesAt = span.start + match[0].indexOf(names, match[0].indexOf('ignore') + 'ignore'.length);
    comments.push({
      file,
      span,
      rules: [...names.matchAll(/[\w-]+/g)].map((name) => ({
        name: name[0],
        span: { start: namesAt + name.index, end: namesAt + name.index + name[0].length },
      })),
      reason: (words[2] ?? '').replace(/^[\s:.–—-]+/, '').trim(),
      covers: coverOf(text, span, isTop, { functions, codeBehind }),
    });
  }
  return comments;
}

interface Surroundings {
  /** The definitions of the file, by where they begin. */
  readonly functions: ReadonlyMap<number, Span>;
  codeBehind(from: number): number;
}

function coverOf(text: string, comment: Span, isTop: boolean, { functions, codeBehind }: Surroundings): Span {
  const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
  if (text.slice(lineStart, comment.start).trim() !== '') return { start: lineStart, end: lineEnd(text, comment.end) };
  const code = codeBehind(comment.end);
  if (isTop && text[code] === '#') return { start: 0, end: text.length };
  return functions.get(code) ?? { start: comment.end, end: lineEnd(text, code) };
}

/** Finds the first thing behind the end of a comment that is neither space nor comment; reads each part of the text once. */
function firstCode(text: string): (from: number) => number {
  const skip = /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*/y;
  let known = { from: 0, code: -1 };
  return (from) => {
    if (from >= known.from && from <= known.code) return known.code;
    let code = from;
    for (skip.lastIndex = from; skip.test(text); ) code = skip.lastIndex;
    known = { from, code };
    return code;
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
