/** `remap-cow-partial`: a vma that may be copy-on-write is remapped in pieces. */
import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { refusingCow } from './support/fixes/head-fixes.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { cowModel } from './support/questions.ts';
import { witnessOf } from './support/witness.ts';

const remapping: ReadonlySet<string> = new Set(['remap_pfn_range', 'io_remap_pfn_range']);

export const remapCowPartial: Rule = {
  name: 'remap-cow-partial',
  severity: 'warning',
  summary: 'A vma that may be private is remapped in pieces.',
  provedBy: ['refused'],
  versions: { since: { major: 2, minor: 6, patch: 15 } },
  check(context) {
    const calls = callsOnPaths(context, (name) => remapping.has(name));
    const pieces = new Map<string, string | undefined>();
    const piecesAt = (entry: EntryAnalysis, event: CallEvent): string | undefined => {
      const key = `${context.entries.indexOf(entry)} ${event.nameSpan.start}`;
      if (!pieces.has(key)) pieces.set(key, piecesOf(entry.paths, event));
      return pieces.get(key);
    };
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (entry.entry.handler?.kind !== 'mmap' || firstRemap(path) !== event) return undefined;
      const pieced = piecesAt(entry, event);
      const model = pieced && cowModel(call);
      if (!model) return undefined;
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` maps only a piece of the vma (${pieced}), which a private mapping does not allow: it fails with -EINVAL after the flags were changed. Refuse copy-on-write mappings first (is_cow_mapping(vma->vm_flags)).`,
        related: [],
        fixes: refusingCow(context.driver, entry.entry.function),
        witness: witnessOf(call, model, { leastPages: 2n, then: ['expect a EINVAL'] }),
      };
    });
  },
};

function firstRemap(path: Path): CallEvent | undefined {
  for (const event of path.events) if (event.kind === 'call' && remapping.has(event.name)) return event;
  return undefined;
}

/** Why one call does not cover the vma by construction: some path goes on to another one. */
function piecesOf(paths: readonly Path[], event: CallEvent): string | undefined {
  for (const path of paths) {
    const calls = path.events.filter((each) => each.kind === 'call' && remapping.has(each.name));
    const at = calls.findIndex((each) => each.kind === 'call' && each.nameSpan.start === event.nameSpan.start);
    const next = at < 0 ? undefined : calls[at + 1];
    if (next?.kind === 'call') return next.nameSpan.start === event.nameSpan.start ? 'it stands in a loop' : 'another call maps the rest';
  }
  return undefined;
}
