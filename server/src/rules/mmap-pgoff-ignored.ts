/** `mmap-pgoff-ignored`: a handler maps from the start of its buffer, whatever offset the program asks for. */
import type { EntryAnalysis, Path, PathEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { choicesOf } from './support/bounds/choices.ts';
import { mayBeCheckedBefore } from './support/checked.ts';
import { refusingFirst } from './support/fixes/head-fixes.ts';
import { argumentOf, mappingCall, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { dependsOnOffset } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';

export const mmapPgoffIgnored: Rule = {
  name: 'mmap-pgoff-ignored',
  severity: 'info',
  summary: 'A handler never looks at the offset, and maps the start of the buffer for each.',
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const { handler } = entry.entry;
        if (handler?.kind !== 'mmap' || !entry.complete || mayBeCheckedBefore(driver, handler)) return undefined;
        if (path.doubts.length > 0 || event.vma?.known === false || !ignoresOffset(event, version)) return undefined;
        if (!entry.paths.every((each) => looksAway(entry, each, version)) || !maySucceed(entry, path)) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `Nothing here asks for vma->vm_pgoff: a program that maps at an offset gets the start of the buffer without a word, and unmap_mapping_range() by offset misses it. Honour the offset, or answer -EINVAL unless it is 0.`,
          // A device with one buffer may document that it is so.
          { confidence: 'possible', fixes: refusingOffsets(driver, handler.function) },
        );
      },
    );
  },
};

function refusingOffsets(driver: Driver, handler: string): readonly ReportFix[] {
  const title = 'Refuse all offsets but 0 first (check that no program passes one)';
  return refusingFirst(driver, handler, (vma) => `${vma}->vm_pgoff`, { title, safe: false });
}

/** The call itself does not honour the offset of the vma. */
function ignoresOffset(event: PathEvent, version: KernelVersion): boolean {
  if (event.kind !== 'call') return false;
  if (event.name === 'vm_map_pages_zero') return true;
  const pgoff = argumentOf(event, 'pgoff', version);
  const given = termOf(pgoff?.value);
  if (given) return constantOf(given) === 0n;
  return mappingCall(event.name)?.boundsChecked !== true && choicesOf(event, version).length > 0;
}

/** Nothing on the path depends on the offset, and nothing changes it. */
function looksAway(entry: EntryAnalysis, path: Path, version: KernelVersion): boolean {
  if (path.conditions.some(({ term }) => dependsOnOffset(entry, term))) return false;
  return path.events.every((event) => {
    if (event.kind === 'write') return !/(?:->|\.)(?:vm_pgoff|vm_ops)$/.test(event.name);
    if (event.kind !== 'call') return true;
    if (mappingCall(event.name) && !ignoresOffset(event, version)) return false;
    return (
      !event.arguments.some((value) => value.kind === 'integer' && dependsOnOffset(entry, value.term)) &&
      !choicesOf(event, version).some((term) => dependsOnOffset(entry, term))
    );
  });
}
