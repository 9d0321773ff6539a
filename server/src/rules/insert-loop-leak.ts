/** `insert-loop-leak`: a loop that inserts pages stops at an error, and what it has inserted stays mapped. */
import type { CallEvent, Path } from '../analysis/path.ts';
import { constantOf } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { faultKinds } from './support/kinds.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';

const inserting: ReadonlySet<string> = new Set(['vm_insert_page', 'remap_pfn_range', 'io_remap_pfn_range', 'vm_insert_pages']);
/** Calls that take entries away again; what nobody knows may do it too. */
const removing = /^(?:zap_\w+|unmap_mapping_\w+|(?:__)?(?:do|vm)_munmap)$/;

export const insertLoopLeak: Rule = {
  name: 'insert-loop-leak',
  severity: 'warning',
  summary: 'Outside of mmap, a loop that inserts pages stops at an error and leaves what it has inserted.',
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => inserting.has(name)),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const { handler } = entry.entry;
        // What mmap leaves behind, its caller takes away.
        if (handler && (handler.kind === 'mmap' || handler.kind === 'mmap_prepare' || faultKinds.has(handler.kind))) return undefined;
        if (handler?.defined === false || event.vma || (event.iteration !== 'some' && !((event.iteration ?? 0) > 1))) return undefined;
        if (!hasFailed(path, event) || isRepaired(path, event)) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `When \`${event.name}()\` fails here in a later round, the pages of the rounds before stay in the vma: nobody unmaps it, because this is not the mmap handler. The program keeps them, and another try finds entries where it inserts. Take them away with zap_vma_ptes() or zap_page_range_single(), or map in the mmap handler.`,
        );
      },
    );
  },
};

/** The path goes on as after an error of the call, and ends in one. */
function hasFailed(path: Path, event: CallEvent): boolean {
  const result = event.result.kind === 'integer' && event.result.term.kind === 'symbol' ? event.result.term.symbol.id : undefined;
  const returned = returnedTerm(path);
  if (result === undefined || !returned || constantOf(returned) === 0n) return false;
  return path.conditions.slice(event.after).some(({ term }) => {
    if (!symbolsOf(term).has(result) || term.kind !== 'operation') return false;
    return term.operator === 'ne' || term.operator === 'lt';
  });
}

function isRepaired(path: Path, event: CallEvent): boolean {
  return path.events
    .slice(path.events.indexOf(event) + 1)
    .some((each) => each.kind === 'call' && (removing.test(each.name) || !each.known));
}
