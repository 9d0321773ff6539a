/** The words of the tree of mapping handlers: what each row says. Plain data, so that it can be tested without an editor. */
import type { FileHandlers, HandlerEntry, HandlerFinding } from '../../server/src/protocol/handlers.ts';

/** A row of the tree, with all that its children need. */
export type HandlerNode =
  | { readonly kind: 'file'; readonly file: FileHandlers }
  | { readonly kind: 'handler'; readonly uri: string; readonly handler: HandlerEntry }
  | { readonly kind: 'finding'; readonly finding: HandlerFinding };

export interface RowText {
  readonly label: string;
  /** Pale, behind the label. */
  readonly description: string;
  /** The whole story, for who points at it and for who listens. */
  readonly tooltip: string;
}

/** Rows of the top level: files in the order of their addresses. */
export function rootsOf(files: Iterable<FileHandlers>): readonly HandlerNode[] {
  const shown = [...files].filter(({ handlers }) => handlers.length > 0);
  return shown.sort((a, b) => (a.uri < b.uri ? -1 : 1)).map((file) => ({ kind: 'file', file }));
}

export function childrenOf(node: HandlerNode): readonly HandlerNode[] {
  switch (node.kind) {
    case 'file':
      return node.file.handlers.map((handler) => ({ kind: 'handler', uri: node.file.uri, handler }));
    case 'handler':
      return (node.handler.findings ?? []).map((finding) => ({ kind: 'finding', finding }));
    case 'finding':
      return [];
  }
}

/** `slots` and findings of a handler in a phrase. */
export function handlerText({ function: name, slots, compiled, findings }: HandlerEntry): RowText {
  const count =
    findings === undefined || findings.length === 0 ? '' : `, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  const description = `${slots.join(', ')}${compiled ? count : ', not compiled'}`;
  const why = compiled
    ? ''
    : ' It stands in a branch of #if that the driver\u2019s Linux version does not compile, so it is neither checked nor run.';
  return { label: name, description, tooltip: `${name}, the handler of ${slots.join(' and ')}${count}.${why}` };
}

/** Rows are plain text. The way is told when the finding stands in another function than the handler. */
export function findingText({ rule, severity, message: written, way }: HandlerFinding): RowText {
  const message = written.replaceAll('`', '');
  const isElsewhere = way.length > 1;
  const through = isElsewhere ? ` (through ${way.slice(1).join(' \u2192 ')})` : '';
  return {
    label: rule,
    description: `${message}${through}`,
    tooltip: `${severity}: ${message}${isElsewhere ? `\n\nThe way there: ${way.join(' \u2192 ')}` : ''}`,
  };
}
