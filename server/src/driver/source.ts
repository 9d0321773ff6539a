/**
 * One text of a driver as the model uses it: what it lists, and its functions and macros lowered on demand. Hides how
 * `syntax/` reads a text.
 */
import type { FileItems, FunctionDefinition, FunctionHeader, MacroDefinition, MacroMeaning, Span } from '../syntax/ast.ts';
import type { Grammar } from '../syntax/grammar.ts';
import type { IncludeReader } from '../syntax/included-text.ts';
import { SyntaxFile } from '../syntax/syntax-file.ts';
import { type Includes, includesOf } from './inclusions.ts';
import type { Host, Target } from './model.ts';

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly items: FileItems;
  /** Branches that the target does not compile. */
  readonly inactive: readonly Span[];
  /** Branches that are compiled because of a name that no text at hand defines. */
  readonly undecided: readonly Span[];
  body(header: FunctionHeader): FunctionDefinition | undefined;
  meaning(macro: MacroDefinition): MacroMeaning;
}

/** A source over a file that somebody else owns. */
export function sourceOver(file: string, syntax: SyntaxFile): Source {
  return {
    file,
    text: syntax.text,
    items: syntax.items,
    inactive: syntax.inactive,
    undecided: syntax.undecided,
    body: (header) => syntax.lowerFunction(header),
    meaning: (macro) => syntax.lowerMacro(macro),
  };
}

/** Texts that are kept as they were read, and listed headers that are remembered, with the characters of all of them. */
const limits = { open: 16, headers: 512, characters: 12_000_000 } as const;

/** Reads headers and other texts besides the open file; what it lists is kept, what else was read only for a while. */
export class SourceStore {
  readonly #grammar: Grammar;
  readonly #host: Host;
  readonly #headers = new Map<string, { readonly source: Source; readonly target: Target; readonly includes: Includes }>();
  #characters = 0;
  /** The last used texts as they were read, oldest first. */
  readonly #open = new Map<Source, SyntaxFile>();

  constructor(grammar: Grammar, host: Host) {
    this.#grammar = grammar;
    this.#host = host;
  }

  /** The source of a header; the same one again for as long as its text, the target and what it includes stay. */
  header(file: string, text: string, target: Target): Source {
    const known = this.#headers.get(file);
    if (known?.source.text === text && isSameTarget(known.target, target) && known.includes.areSame()) return known.source;
    const includes = includesOf(file, this.#host);
    const source = this.#read(file, text, target, includes.reader);
    this.#forget(file);
    this.#headers.set(file, { source, target, includes });
    this.#characters += text.length;
    for (const oldest of this.#headers.keys()) {
      if (this.#headers.size <= limits.headers && this.#characters <= limits.characters) break;
      this.#forget(oldest);
    }
    return source;
  }

  #forget(file: string): void {
    this.#characters -= this.#headers.get(file)?.source.text.length ?? 0;
    this.#headers.delete(file);
  }

  /** The source of a text that is not remembered: one that stands for the file at `file`, or for none. */
  read(text: string, target: Target, file?: string): Source {
    return this.#read(file ?? '', text, target, file === undefined ? undefined : includesOf(file, this.#host).reader);
  }

  #read(file: string, text: string, target: Target, reader: IncludeReader | undefined): Source {
    const syntax = new SyntaxFile(this.#grammar, text, target, reader);
    const source: Source = {
      file,
      text,
      items: syntax.items,
      inactive: syntax.inactive,
      undecided: syntax.undecided,
      body: (header) => this.#syntaxOf(source, target, reader).lowerFunction(header),
      meaning: (macro) => this.#syntaxOf(source, target, reader).lowerMacro(macro),
    };
    this.#keep(source, syntax);
    return source;
  }

  #syntaxOf(source: Source, target: Target, reader: IncludeReader | undefined): SyntaxFile {
    let syntax = this.#open.get(source);
    this.#open.delete(source);
    if (!syntax) {
      syntax = new SyntaxFile(this.#grammar, source.text, target, reader);
      // Lowering wants the file's type names, which listing collects.
      void syntax.items;
    }
    this.#keep(source, syntax);
    return syntax;
  }

  #keep(source: Source, syntax: SyntaxFile): void {
    this.#open.set(source, syntax);
    const [oldest] = this.#open;
    if (this.#open.size <= limits.open || !oldest) return;
    this.#open.delete(oldest[0]);
  }
}

function isSameTarget(left: Target, right: Target): boolean {
  if (left === right) return true;
  const { version: a } = left;
  const { version: b } = right;
  const sameConfig = left.config === right.config || (left.config.size === 0 && right.config.size === 0);
  return a.major === b.major && a.minor === b.minor && a.patch === b.patch && left.longBits === right.longBits && sameConfig;
}
