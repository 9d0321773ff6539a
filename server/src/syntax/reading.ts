/**
 * A text as it is handed to the grammar: scanned and masked, or refused. What is refused costs the grammar seconds and
 * gigabytes and gives nothing: binary rubbish, and texts beyond any program.
 */

import type { IncludeReader } from './included-text.ts';
import { emptyMarks } from './mask/marks.ts';
import { type Masked, mask } from './mask/mask.ts';
import { type Scan, scan } from './scan.ts';
import type { SyntaxTarget } from './target.ts';

export interface Reading extends Pick<Scan, 'source' | 'macros' | 'includes' | 'inactive' | 'undecided' | 'problems'> {
  /** Its text is empty when the file is refused. */
  readonly masked: Masked;
  /** Why the file is not parsed. */
  readonly refused?: string;
}

/** Active tokens that are parsed at most. The largest C files of Linux have a tenth of them. */
const maxTokens = 1_000_000;

/** Strange signs and brackets without partner that any file may have, and how many tokens there must be for each beyond. */
const toleratedStrange = 256;
const tokensPerStrange = 50;

export function readText(text: string, target: SyntaxTarget, reader?: IncludeReader): Reading {
  const scanned = scan(text, target, reader);
  const refused = refusal(scanned);
  const { source, macros, includes, inactive, undecided, problems } = scanned;
  const read = { source, macros, includes, inactive, undecided, problems };
  return refused === undefined
    ? { ...read, masked: mask(scanned) }
    : { ...read, masked: { text: '', marks: emptyMarks(), bodies: [], outside: [], piece: ({ start }) => ({ start, text: '' }) }, refused };
}

function refusal({ tokens, strange }: Scan): string | undefined {
  const odd = strange + tokens.unmatched;
  if (odd > toleratedStrange && odd * tokensPerStrange > tokens.count) return 'This file is not parsed: most of it is not C.';
  if (tokens.count > maxTokens) return `This file is not parsed: it has more than ${maxTokens} tokens.`;
  return undefined;
}
