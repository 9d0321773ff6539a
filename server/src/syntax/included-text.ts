/**
 * What the text of a header does to macros when it is included: its directives in their order, as plain data that is made once and
 * replayed for each text that includes it. Knows nothing of paths: how an included text is found is its reader's matter.
 */

/** A directive of an included text. */
export type IncludedDirective =
  | { readonly kind: 'define'; readonly name: string; readonly parameters?: readonly string[]; readonly body: string }
  | { readonly kind: 'undef'; readonly name: string }
  | { readonly kind: 'include'; readonly path: string }
  | { readonly kind: 'once' }
  /** `#if`, `#elifdef`, `#else`, ...: `name` without `#`. */
  | { readonly kind: 'conditional'; readonly name: string; readonly condition: string };

/** A text that others include. The same object for as long as the text stays. */
export interface IncludedText {
  /** By which its reader knows it. */
  readonly name: string;
  readonly directives: readonly IncludedDirective[];
  /** Names that it defines or undefines in any of its branches. */
  readonly macros: ReadonlySet<string>;
}

/** The text that `#include "path"` stands for in the included text `from`, or in the text at hand; `undefined` where there is none. */
export type IncludeReader = (path: string, from?: IncludedText) => IncludedText | undefined;

/** Comments and literals, in which no directive begins, or a directive with its continuation lines. */
const piece =
  /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|^[ \t]*#((?:\/\*[\s\S]*?\*\/|\\\r?\n|[^\n])*)/gm;

const written = /^\s*(?:(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b([\s\S]*)|(define|undef|include|pragma)\b([\s\S]*))/;

/** The directives of a text, without those that say nothing of macros. */
export function directivesOf(text: string): readonly IncludedDirective[] {
  const found: IncludedDirective[] = [];
  for (const [, line] of text.matchAll(piece)) {
    const directive = line === undefined ? undefined : directiveOf(plain(line));
    if (directive) found.push(directive);
  }
  return found;
}

/** The line of a directive without comments and line breaks. */
function plain(line: string): string {
  return line.replace(/\/\*[\s\S]*?\*\/|\/\/[\s\S]*|\\\r?\n|\r$/g, ' ');
}

function directiveOf(line: string): IncludedDirective | undefined {
  const match = written.exec(line);
  if (match?.[1] !== undefined) return { kind: 'conditional', name: match[1], condition: match[2] ?? '' };
  const rest = match?.[4] ?? '';
  switch (match?.[3]) {
    case 'define': {
      const definition = definitionOf(rest);
      return definition && { kind: 'define', ...definition };
    }
    case 'undef':
      return { kind: 'undef', name: rest.trim() };
    case 'include': {
      const path = /^\s*"([^"]*)"/.exec(rest)?.[1];
      return path === undefined ? undefined : { kind: 'include', path };
    }
    case 'pragma':
      return /^\s*once\b/.test(rest) ? { kind: 'once' } : undefined;
    default:
      return undefined;
  }
}

/** What stands behind `#define`. */
export function definitionOf(
  rest: string,
): { readonly name: string; readonly parameters?: readonly string[]; readonly body: string } | undefined {
  const match = /^\s+([A-Za-z_$][\w$]*)(?:\(([^()]*)\))?/.exec(rest);
  const name = match?.[1];
  if (!match || name === undefined) return undefined;
  const parameters = match[2]
    ?.split(',')
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter !== '');
  const body = rest.slice(match[0].length);
  return parameters ? { name, parameters, body } : { name, body };
}

/** The names that directives define or undefine. */
export function namesOf(directives: readonly IncludedDirective[]): ReadonlySet<string> {
  return new Set(directives.flatMap((each) => (each.kind === 'define' || each.kind === 'undef' ? each.name : [])));
}

/** Texts that are looked at for a name. */
const mostTexts = 256;

/** Whether one of `names` is defined or undefined by a text that one of `paths` leads to. */
export function mayChange(names: ReadonlySet<string>, paths: readonly string[], reader: IncludeReader): boolean {
  const seen = new Set<IncludedText>();
  const pending = paths.flatMap((path) => reader(path) ?? []);
  for (let next = pending.pop(); next && seen.size < mostTexts; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const name of names) if (next.macros.has(name)) return true;
    for (const directive of next.directives) {
      const included = directive.kind === 'include' ? reader(directive.path, next) : undefined;
      if (included) pending.push(included);
    }
  }
  return false;
}
