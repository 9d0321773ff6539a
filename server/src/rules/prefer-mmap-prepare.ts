/** `prefer-mmap-prepare`: an mmap handler that could be an mmap_prepare handler, on kernels that have all it needs. */
import type { CallEvent, EntryAnalysis } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { mmapToPrepare } from './support/migrations/mmap-prepare.ts';

/** What a prepare handler describes instead, since 6.19. */
const described: Readonly<Record<string, string>> = {
  remap_pfn_range: 'mmap_action_remap()',
  io_remap_pfn_range: 'mmap_action_ioremap()',
};

export const preferMmapPrepare: Rule = {
  name: 'prefer-mmap-prepare',
  severity: 'info',
  summary: 'The mmap handler only sets fields and maps one range: mmap_prepare does it before there is a vma to undo.',
  versions: { since: { major: 6, minor: 19, patch: 0 } },
  check({ driver, entries }) {
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (handler?.kind !== 'mmap' || handler.slot !== 'file_operations.mmap' || !handler.defined || handler.file !== driver.file)
        return [];
      const action = actionOf(entry);
      if (action === undefined) return [];
      const message = `\`.mmap\` is the old way since mmap_prepare can describe what to map. \`${handler.function}()\` uses nothing that needs a vma: take a \`struct vm_area_desc\`, set its fields, and ${action}.`;
      return [
        {
          file: handler.file,
          span: handler.nameSpan,
          function: handler.function,
          handler,
          message,
          related: [],
          fixes: mmapToPrepare(driver, handler.function),
        },
      ];
    });
  },
};

/** What stands for the handler's mapping; `undefined` where a path maps in another way, or gives the vma to somebody. */
function actionOf({ paths, complete }: EntryAnalysis): string | undefined {
  if (!complete || paths.length === 0) return undefined;
  const calls = paths.flatMap(({ events }) => events.filter((event): event is CallEvent => event.kind === 'call'));
  const mapping = calls.filter(({ name }) => mappingCall(name));
  if (mapping.some(({ name, iteration }) => described[name] === undefined || iteration !== undefined)) return undefined;
  const takesVma = calls.some(
    ({ name, arguments: args }) =>
      described[name] === undefined &&
      !/^vm_flags_|^vma_pages$|^vma_desc/.test(name) &&
      args.some((value) => value.kind === 'pointer' && isVma(value.place.object.type)),
  );
  if (takesVma || paths.some(({ doubts }) => doubts.length > 0)) return undefined;
  const [first] = mapping;
  return first ? `replace \`${first.name}()\` with ${described[first.name]}` : 'leave the rest as it is';
}

function isVma(type: { readonly kind: string; readonly name?: string }): boolean {
  return type.kind === 'struct' && type.name === 'vm_area_struct';
}
