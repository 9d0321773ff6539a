/**
 * Helpers of the kernel that work on the driver's memory alone, written in C: the executor runs them as if the driver had brought them
 * along, so that what they leave behind is what C leaves behind. The texts are our own, in the fewest words that give the kernel's
 * results; what needs mm, time or other threads is a call of the world instead. Knows no run.
 */
import type { Program } from '../../execution/program.ts';
import type { Frame } from '../../execution/world.ts';
import type { FunctionHeader, Span, TypeDefinition } from '../../syntax/ast.ts';
import type { Grammar } from '../../syntax/grammar.ts';
import { SyntaxFile } from '../../syntax/syntax-file.ts';
import { atomics } from './atomics.ts';
import { bitmaps } from './bitmaps.ts';
import { clockwork } from './clockwork.ts';
import { counters } from './counters.ts';
import { dmaBufs } from './dma-bufs.ts';
import { hashes } from './hashes.ts';
import { intervalTrees } from './interval-trees.ts';
import { kfifos } from './kfifos.ts';
import { listParts } from './list-parts.ts';
import { macros } from './macros.ts';
import { moments } from './moments.ts';
import { notifiers } from './notifiers.ts';
import { numberedMaps } from './numbered-maps.ts';
import { numbers } from './numbers.ts';
import { opaqueTypes } from './opaque-types.ts';
import { order } from './order.ts';
import { pageFields } from './page-fields.ts';
import { platform } from './platform.ts';
import { pools } from './pools.ts';
import { scatterLists } from './scatter-lists.ts';
import { seqFiles } from './seq-files.ts';
import { sequences } from './sequences.ts';
import { trees } from './trees.ts';
import { waiting } from './waiting.ts';
import { words } from './words.ts';

/** The file that frames and spans of the library name. */
export const libraryFile = '(kernel)';

/** The whole text. */
export const libraryText = [
  macros,
  opaqueTypes,
  trees,
  bitmaps,
  order,
  words,
  seqFiles,
  waiting,
  scatterLists,
  platform,
  hashes,
  counters,
  pools,
  atomics,
  numbers,
  kfifos,
  intervalTrees,
  dmaBufs,
  listParts,
  moments,
  notifiers,
  pageFields,
  numberedMaps,
  sequences,
  clockwork,
].join('\n');

/** The texts are plain C, which is read without the grammar. */
const noGrammar: Grammar = {
  get language(): never {
    throw new Error('The library is not plain C.');
  },
  get parser(): never {
    throw new Error('The library is not plain C.');
  },
};

/** What a program may lack, from the library. */
export interface Library extends Pick<Program, 'function' | 'type' | 'macro'> {
  header(name: string): FunctionHeader | undefined;
}

let library: Library | undefined;

/** The library, read when it is first needed. */
export function kernelLibrary(): Library {
  library ??= readLibrary();
  return library;
}

function readLibrary(): Library {
  const syntax = new SyntaxFile(noGrammar, libraryText, { version: { major: 6, minor: 12, patch: 0 }, config: new Map() });
  const functions = new Map(syntax.items.functions.map((header) => [header.name, header]));
  const macroDefinitions = new Map(syntax.items.macros.map((macro) => [macro.name, macro]));
  const types = new Map<string, TypeDefinition>(syntax.items.types.map((type) => [type.name, type]));
  return {
    function: (name) => {
      const header = functions.get(name);
      return header && { definition: () => syntax.lowerFunction(header), file: libraryFile };
    },
    macro: (name) => {
      const macro = macroDefinitions.get(name);
      return macro && { ...(macro.parameters ? { parameters: macro.parameters } : {}), meaning: syntax.lowerMacro(macro) };
    },
    header: (name) => functions.get(name),
    type: (tag, name) => {
      const definition = types.get(name);
      return definition?.kind === tag ? definition : undefined;
    },
  };
}

/** Where the driver called the library, as the C stack has it. */
export function libraryCaller(frames: readonly Frame[]): { readonly file: string; readonly span: Span } | undefined {
  const first = frames.findIndex(({ file }) => file === libraryFile);
  const caller = frames[first - 1];
  const span = frames[first]?.calledAt;
  return caller && span && { file: caller.file, span };
}
