/** A hover before it is drawn: parts that tests compare one by one. Never above 20 lines when drawn. */
import type { Range } from '../protocol/position.ts';

export interface HoverInfo {
  /** The name, as code. */
  readonly title: string;
  /** What kind of thing it is: `function`, `vma flag`, `handler slot`. */
  readonly what: string;
  /** The declaration, as code. */
  readonly signature?: string;
  /** Short facts, a label and a phrase each. */
  readonly facts: readonly HoverFact[];
  /** What it does, a sentence each. */
  readonly does: readonly string[];
  /** What is known of this very use; empty when nothing is. */
  readonly here: readonly string[];
  /** The name under which the tables have more than is shown. */
  readonly more?: string;
  readonly links: readonly { readonly title: string; readonly target: string }[];
  readonly range?: Range;
}

export interface HoverFact {
  readonly label: string;
  readonly text: string;
}
