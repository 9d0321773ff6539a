/** `huge-fault-align`: a huge entry is made without asking whether the vma is long enough for it. */
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { isJudged } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

const inserting: ReadonlyMap<string, string> = new Map([
  ['vmf_insert_pfn_pmd', '2 MiB'],
  ['vmf_insert_pfn_pmd_prot', '2 MiB'],
  ['vmf_insert_pfn_pud', '1 GiB'],
  ['vmf_insert_pfn_pud_prot', '1 GiB'],
]);

export const hugeFaultAlign: Rule = {
  name: 'huge-fault-align',
  severity: 'error',
  summary: 'A huge entry is inserted, and nobody asks whether the vma reaches over all of it.',
  versions: { since: { major: 4, minor: 3, patch: 0 } },
  provedBy: ['outside-vma', 'foreign-memory', 'bad-page-map'],
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => inserting.has(name)),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const pages = entry.symbols.pages?.term;
        if (!pages || !isJudged(path, event)) return undefined;
        const end = symbolsOf(pages);
        const asked = path.conditions.slice(0, event.after).some(({ term }) => [...symbolsOf(term).keys()].some((id) => end.has(id)));
        if (asked) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` maps ${inserting.get(event.name)} at once around the address, and nothing on the way compares that range with vm_start and vm_end: entries appear outside of the vma, in front of memory that it does not own. Return VM_FAULT_FALLBACK unless the whole range lies in the vma and the pfn is aligned like it.`,
        );
      },
    );
  },
};
