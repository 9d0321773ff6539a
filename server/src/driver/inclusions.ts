/**
 * The texts that `#include "..."` leads to, as far as conditionals need them: each file's directives are made once for all that include
 * it. Reads through the host; what a file defines when it is included is the syntax's matter.
 */
import { directivesOf, type IncludedText, type IncludeReader, namesOf } from '../syntax/included-text.ts';
import type { Host } from './model.ts';
import { folderOf, joinPath } from './paths.ts';

/** Texts that are remembered for one host. */
const mostTexts = 1024;

interface Known {
  readonly text: string;
  readonly included: IncludedText;
}

const known = new WeakMap<Host, Map<string, Known>>();

/** The included text of a file; the same object for as long as the file's text stays. */
function includedText(file: string, host: Host): IncludedText | undefined {
  const text = host.readFile(file);
  if (text === undefined) return undefined;
  const texts = known.get(host) ?? new Map<string, Known>();
  known.set(host, texts);
  const last = texts.get(file);
  if (last?.text === text) return last.included;
  if (texts.size >= mostTexts) texts.clear();
  const directives = directivesOf(text);
  const included: IncludedText = { name: file, directives, macros: namesOf(directives) };
  texts.set(file, { text, included });
  return included;
}

/** A reader of includes that knows what it was asked. */
export interface Includes {
  readonly reader: IncludeReader;
  /** Whether all that was asked would be answered the same now. */
  areSame(): boolean;
}

/** What the file at `file` (absolute, with `/`) includes: what lies beside the text that includes it, under the path that stands there. */
export function includesOf(file: string, host: Host): Includes {
  const asked = new Map<string, IncludedText | undefined>();
  return {
    reader: (path, from) => {
      const at = joinPath(folderOf(from?.name ?? file), path);
      const text = includedText(at, host);
      asked.set(at, text);
      return text;
    },
    areSame: () => [...asked].every(([at, text]) => includedText(at, host) === text),
  };
}
