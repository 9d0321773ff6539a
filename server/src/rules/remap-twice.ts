/** `remap-twice`: the same addresses are remapped a second time. */
import type { CallEvent, Path } from '../analysis/path.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Report, Rule } from './rule.ts';
import { argumentOf, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reachingModel } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { witnessOf } from './support/witness.ts';

const remapping: ReadonlySet<string> = new Set(['remap_pfn_range', 'io_remap_pfn_range']);
const zapping = /^(?:zap_vma_ptes|zap_vma_range|zap_special_vma_range|zap_page_range(?:_single)?|unmap_mapping_(?:range|pages))$/;

export const remapTwice: Rule = {
  name: 'remap-twice',
  severity: 'error',
  summary: 'Addresses of a vma are remapped that have been remapped already.',
  provedBy: ['kernel-bug'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    const addressOf = (event: CallEvent): string | undefined => {
      const term = termOf(argumentOf(event, 'address', version)?.value);
      return term && printTerm(term);
    };
    return oncePerPlace(
      callsOnPaths(context, (name) => remapping.has(name)),
      (call): Report | undefined => {
        const { path, event, entry } = call;
        if (entry.entry.handler?.kind !== 'mmap' || event.iteration !== undefined) return undefined;
        const address = addressOf(event);
        const first = address === undefined ? undefined : earlier(path, event, (each) => addressOf(each) === address);
        if (!first || !haveSucceeded(path, first)) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` maps from ${address} on for the second time, and stops with a BUG where it meets an entry. Unmap the first ones with zap_vma_ptes(), or map once.`,
          {
            related: [{ file: first.file, span: first.nameSpan, message: 'The first mapping of these addresses.' }],
            witness: witnessOf(call, reachingModel(call) ?? new Map()),
          },
        );
      },
    );
  },
};

/** The last remap of the path before `event` that `isSame` accepts, with nothing unmapped in between. */
function earlier(path: Path, event: CallEvent, isSame: (event: CallEvent) => boolean): CallEvent | undefined {
  let found: CallEvent | undefined;
  for (const each of path.events) {
    if (each === event) break;
    if (each.kind !== 'call') continue;
    if (zapping.test(each.name)) found = undefined;
    else if (remapping.has(each.name) && isSame(each)) found = each;
  }
  return found;
}

/** Whether the path goes on as after a success: a second way to map is what many drivers try after a failure. */
function haveSucceeded(path: Path, { result }: CallEvent): boolean {
  if (result.kind !== 'integer' || result.term.kind !== 'symbol') return false;
  const { id } = result.term.symbol;
  return path.conditions.some(
    ({ term }) =>
      (term.kind === 'operation' && term.operator === 'lnot' && isSymbol(term.operands[0], id)) ||
      (term.kind === 'operation' && term.operator === 'eq' && term.operands.some((operand) => isSymbol(operand, id))),
  );
}

function isSymbol(term: { readonly kind: string; readonly symbol?: { readonly id: string } } | undefined, id: string): boolean {
  return term?.kind === 'symbol' && term.symbol?.id === id;
}
