/** `mmap-size-not-vma`: a remap is given the size of the buffer, which may be more than the vma spans. */
import * as query from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { sameTerm } from '../execution/term-key.ts';
import { printTerm } from '../execution/term-print.ts';
import { slotFact } from '../kernel/lookup.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { trueModel } from './support/bounds/true-model.ts';
import { fixOf, noFix, textAt } from './support/fixes/fixes.ts';
import { argumentLaidOut } from './support/fixes/layout.ts';
import { argumentOf, mappingCall, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { isJudged } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { witnessOf } from './support/witness.ts';

export const mmapSizeNotVma: Rule = {
  name: 'mmap-size-not-vma',
  severity: 'error',
  summary: 'A mapping call is given the size of the buffer, and the vma may be shorter.',
  provedBy: ['outside-vma', 'kernel-bug'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined && mappingCall(name)?.boundsChecked !== true),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const { handler } = entry.entry;
        const start = entry.symbols.start?.term;
        const pages = entry.symbols.pages?.term;
        // Who calls a handler of a table of the driver's own may have compared the size that it passes on.
        const [container = '', slot = ''] = handler?.slot.split('.') ?? [];
        if (handler?.kind !== 'mmap' || !slotFact(container, slot) || !start || !pages || !isJudged(path, event)) return undefined;
        const size = argumentOf(event, 'size', version);
        const bytes = termOf(size?.value);
        const address = termOf(argumentOf(event, 'address', version)?.value);
        const length = query.lengthOf(event);
        if (!size || !bytes || !address || !length || event.vma?.known === false) return undefined;
        if (isUnlimitedLoop(call, address, pages)) {
          return reportOn(
            call,
            event.nameSpan,
            `The loop calls \`${event.name}()\` as often as the buffer has pieces, and neither compares anything with the vma: a program that maps less gets entries behind the end of its vma, in its other mappings. Compare the length of the vma with the buffer before the loop.`,
          );
        }
        // A size that is made of the length is a question of the rules about bounds.
        if (!sameTerm(address, start) || isMadeOf(bytes, pages)) return undefined;
        const model = trueModel(call, [query.really(query.lessThan(length, bytes))]);
        if (!model) return undefined;
        return reportOn(
          call,
          event.argumentSpans[size.index] ?? event.nameSpan,
          `\`${event.name}()\` fills as much as it is told, and compares nothing with the vma: a program that maps less than \`${printTerm(bytes)}\` bytes gets entries behind the end of its vma, in its other mappings. Pass vma->vm_end - vma->vm_start, after comparing it with the buffer.`,
          { witness: witnessOf(call, model), fixes: takingTheLess(context.driver, call, size.index) },
        );
      },
    );
  },
};

/** Maps no more than the vma spans: outside of loops, where the call begins at the start of the vma. */
function takingTheLess(driver: Driver, { event }: PathCall, index: number): readonly ReportFix[] {
  const { file, argumentSpans } = event;
  const [vma, size] = [argumentSpans[0], argumentSpans[index]].map((span) => (span ? textAt(driver, { file, span }) : undefined));
  const span = argumentSpans[index];
  if (!span || event.iteration !== undefined || !/^\w+$/.test(vma ?? '') || !/^[\w.>() *+<[\]-]+$/.test(size ?? '')) return noFix;
  const newText = `min_t(unsigned long, ${size}, ${vma}->vm_end - ${vma}->vm_start)`;
  const edit = argumentLaidOut(driver, { file, span }, { file, span: event.nameSpan }, newText);
  return fixOf({ title: 'Map no more than the vma spans' }, [edit]);
}

/** Whether a loop has moved the address on, and nothing on the way to this round asked how long the vma is. */
function isUnlimitedLoop({ path, event }: PathCall, address: Term, pages: Term): boolean {
  if (event.iteration !== 'some' || ![...symbolsOf(address).values()].some(({ before }) => before !== undefined)) return false;
  return !path.conditions.slice(0, event.after).some(({ term }) => isReached(term, pages) || isMadeOf(term, address));
}

/** Whether the term is made of the other one, or of what that was before the rounds of a loop. */
function isReached(term: Term, part: Term): boolean {
  return isMadeOf(term, part) || [...symbolsOf(term).values()].some(({ before }) => before !== undefined && isMadeOf(before, part));
}

function isMadeOf(term: Term, part: Term): boolean {
  const own = symbolsOf(term);
  return [...symbolsOf(part).keys()].some((id) => own.has(id));
}
