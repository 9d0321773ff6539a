/** `gem-fake-offset`: a call that begins at vm_pgoff is given the vma of a GEM object, whose vm_pgoff is no offset into it. */
import type { CallEvent, EntryAnalysis, Path, PathEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { callFact } from '../kernel/lookup.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { insertingBefore, noFix, textAt } from './support/fixes/fixes.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { isJudged } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

/** Calls that begin so many pages behind the start of the memory as vm_pgoff says, and refuse what lies behind its end. */
const countingFromOffset: ReadonlySet<string> = new Set([
  'dma_mmap_coherent',
  'dma_mmap_attrs',
  'dma_mmap_wc',
  'dma_mmap_writecombine',
  'dma_mmap_pages',
  'dma_mmap_noncontiguous',
  'vm_map_pages',
  'vm_iomap_memory',
]);

export const gemFakeOffset: Rule = {
  name: 'gem-fake-offset',
  severity: 'error',
  summary: 'The fake offset of a GEM object is left in vm_pgoff for a call that takes it for an offset into the memory.',
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => countingFromOffset.has(name)),
      ({ entry, path, event }): Report | undefined => {
        if (!holdsFakeOffset(entry, path, event) || !isJudged(path, event)) return undefined;
        const message = `\`${event.name}()\` begins at vma->vm_pgoff, which still is the fake offset that stands for the object: it lies far behind the memory, and each mmap(2) fails. Set vma->vm_pgoff to 0 first, or take drm_vma_node_start() off it.`;
        return reportOn({ entry, event }, event.nameSpan, message, { fixes: clearing(context.driver, event) });
      },
    );
  },
};

/** Whether DRM has looked the object up by vm_pgoff, and nobody has written to that since. */
function holdsFakeOffset({ entry }: EntryAnalysis, { events }: Path, event: CallEvent): boolean {
  let isFake = entry.handler?.slot === 'drm_gem_object_funcs.mmap';
  for (const each of events) {
    if (each === event) break;
    if (each.kind === 'call' && each.name === 'drm_gem_mmap') isFake = true;
    if (writesOffset(each)) isFake = false;
  }
  return isFake;
}

function writesOffset(event: PathEvent): boolean {
  return event.kind === 'write' && /(?:->|\.)vm_pgoff$/.test(event.name);
}

/** Before the statement of the call. */
function clearing(driver: Driver, { file, nameSpan, name, argumentSpans }: CallEvent): readonly ReportFix[] {
  const index = callFact(name)?.vmaArgument;
  const span = index === undefined ? undefined : argumentSpans[index];
  const vma = span && textAt(driver, { file, span });
  if (vma === undefined || !/^\w+(?:->\w+)*$/.test(vma)) return noFix;
  return insertingBefore(driver, { file, span: nameSpan }, [`${vma}->vm_pgoff = 0;`], { title: 'Set vm_pgoff to 0 first' });
}
