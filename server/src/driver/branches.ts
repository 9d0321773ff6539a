/**
 * The branches of `#if` that the target does not compile, made readable: a handler registered only without an MMU, or
 * only on another architecture, is still a handler of the file. Works on lines of text and decides no condition.
 */
import type { Span } from '../syntax/ast.ts';

/** One `#if … #endif`: its directive lines in order, the last being the `#endif`. */
interface Chain {
  readonly directives: readonly Span[];
}

/** Branches that are looked at and read again per file, and the characters of all variants together. */
const limits = { spans: 200, variants: 24, characters: 3_000_000 } as const;

const directivePattern = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b(?:[^\n\\]|\\[^\n]|\\\r?\n)*/gm;
/** Branches for other kernel versions, and dead code, hold no handlers of this target. */
const deadPattern = /KERNEL_VERSION|LINUX_VERSION_CODE|^[ \t]*#[ \t]*if[ \t]+0\b/;

/**
 * For each span of `inactive` that `isInteresting` accepts, `text` at equal length with that branch in place of the
 * other branches of its conditional, and of those around it.
 */
export function branchVariants(text: string, inactive: readonly Span[], isInteresting: (branch: string) => boolean): readonly string[] {
  const wanted = inactive.filter(({ start, end }) => isInteresting(text.slice(start, end))).slice(0, limits.spans);
  if (wanted.length === 0) return [];
  const chains = chainsOf(text);
  const cuts = chains.flatMap(({ directives }) => directives).sort((left, right) => left.start - right.start);
  const variants: string[] = [];
  for (const span of wanted) {
    for (const branch of branchesWithin(span, cuts, text, isInteresting)) {
      if (variants.length >= limits.variants || variants.length * text.length > limits.characters) return variants;
      const variant = chooseBranch(text, branch, chains);
      if (variant !== undefined) variants.push(variant);
    }
  }
  return variants;
}

/** An inactive span can hold several branches of one conditional (`#elif`, `#else`), each to be read by itself. */
function branchesWithin(span: Span, cuts: readonly Span[], text: string, isInteresting: (branch: string) => boolean): readonly Span[] {
  const pieces: Span[] = [];
  let start = span.start;
  for (const cut of cuts) {
    if (cut.start < span.start || cut.end > span.end) continue;
    pieces.push({ start, end: cut.start });
    start = cut.end;
  }
  pieces.push({ start, end: span.end });
  return pieces.filter((piece) => isInteresting(text.slice(piece.start, piece.end)));
}

function chooseBranch(text: string, branch: Span, chains: readonly Chain[]): string | undefined {
  const blanks: Span[] = [];
  for (const { directives } of chains) {
    const first = directives[0];
    const last = directives.at(-1);
    if (!first || !last || branch.start < first.start || branch.end > last.end) continue;
    if (directives.some(({ start, end }) => deadPattern.test(text.slice(start, end)))) return undefined;
    for (let index = 0; index < directives.length; index++) {
      const directive = directives[index];
      const next = directives[index + 1];
      if (!directive) continue;
      blanks.push(directive);
      if (next && !(branch.start >= directive.start && branch.end <= next.end)) blanks.push({ start: directive.end, end: next.start });
    }
  }
  return blank(text, blanks);
}

function blank(text: string, spans: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((left, right) => left.start - right.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    result += text.slice(at, from) + text.slice(from, end).replace(/[^\r\n]/g, ' ');
    at = end;
  }
  return result + text.slice(at);
}

/** Every conditional that is closed, inner ones before outer ones. */
function chainsOf(text: string): readonly Chain[] {
  const chains: Chain[] = [];
  const open: Span[][] = [];
  for (const match of text.matchAll(directivePattern)) {
    const span = { start: match.index, end: match.index + match[0].length };
    if (match[1]?.startsWith('if')) {
      open.push([span]);
      continue;
    }
    open.at(-1)?.push(span);
    if (match[1] !== 'endif') continue;
    const directives = open.pop();
    if (directives) chains.push({ directives });
  }
  return chains;
}
