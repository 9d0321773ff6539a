/** Handlers that put a file of their own behind the vma, made with a size that the length of the mapping is never compared with. */
import type { EntryAnalysis, Path, PathEvent } from '../../../analysis/path.ts';
import type { Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { MemoryObject, Value } from '../../../execution/value.ts';
import type { Span } from '../../../syntax/ast.ts';
import type { Report } from '../../rule.ts';
import { reportOn } from '../reports.ts';
import { maySucceed } from '../results/outcomes.ts';

/** Calls that make a file of the size in their second argument. */
const making = /^shmem_(?:kernel_)?file_setup(?:_with_mnt)?$/;

/** A report on where the first such handler's file takes the place of the vma's. */
export function unboundedByFile(entry: EntryAnalysis): readonly Report[] {
  const pages = entry.symbols.pages?.term;
  if (entry.entry.handler?.kind !== 'mmap' || !pages) return [];
  for (const path of entry.paths) {
    for (const event of path.events) {
      const put = filePut(event);
      const size = put && sizeOf(path, put.file);
      if (!put || !size || dependsOn(size, pages) || mayBeCompared(path, pages) || !maySucceed(entry, path)) continue;
      const message =
        'The file behind the mapping has a size of its own, and nothing compares the length of the mapping with it: mmap(2) succeeds, and every access behind the end of the file is a SIGBUS. Refuse mappings that are longer than the file, rounded to whole pages.';
      return [reportOn({ entry, event }, put.span, message, { severity: 'warning' })];
    }
  }
  return [];
}

/** `vma->vm_file = file`, `vma_set_file(vma, file)`. */
function filePut(event: PathEvent): { readonly file: MemoryObject; readonly span: Span } | undefined {
  const [value, span] = filed(event);
  return value?.kind === 'pointer' && span ? { file: value.place.object, span } : undefined;
}

function filed(event: PathEvent): readonly [Value | undefined, Span | undefined] {
  if (event.kind === 'write' && /(?:->|\.)vm_file$/.test(event.name)) return [event.value, event.span];
  if (event.kind === 'call' && event.name === 'vma_set_file') return [event.arguments[1], event.nameSpan];
  return [undefined, undefined];
}

/** The size with which the path has made the file. */
function sizeOf({ events }: Path, file: MemoryObject): Term | undefined {
  for (const event of events) {
    if (event.kind !== 'call' || !making.test(event.name)) continue;
    const size = event.arguments[1];
    if (event.result.kind === 'pointer' && event.result.place.object === file && size?.kind === 'integer') return size.term;
  }
  return undefined;
}

function mayBeCompared({ conditions, doubts }: Path, pages: Term): boolean {
  const ids = [...symbolsOf(pages).keys()];
  const mayAsk = doubts.some(({ asked }) => !asked || ids.some((id) => asked.includes(id)));
  return mayAsk || conditions.some(({ term }) => dependsOn(term, pages));
}

function dependsOn(term: Term, symbol: Term): boolean {
  const own = symbolsOf(term);
  return [...symbolsOf(symbol).keys()].some((id) => own.has(id));
}
