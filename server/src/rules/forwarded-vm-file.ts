/** `forwarded-vm-file`: the handler goes on with a vma that dma_buf_mmap() has given to the dma-buf's exporter. */
import type { CallEvent, Path, PathEvent } from '../analysis/path.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { reportOn } from './support/reports.ts';

export const forwardedVmFile: Rule = {
  name: 'forwarded-vm-file',
  severity: 'warning',
  summary: 'After `dma_buf_mmap()` the handler uses the vma as its own, though its file is the dma-buf now.',
  versions: { since: { major: 3, minor: 5, patch: 0 } },
  check({ entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'mmap') continue;
      for (const path of entry.paths) {
        let forwarded: CallEvent | undefined;
        for (const event of path.events) {
          const what = forwarded && useOf(event);
          if (forwarded && what !== undefined && !isAsked(path, forwarded, event)) {
            const message = `\`dma_buf_mmap()\` has given the vma to the exporter of the dma-buf: its file is the dma-buf's, and its operations are the exporter's. ${what} Do it before the call, or not at all.`;
            const related = [{ file: forwarded.file, span: forwarded.nameSpan, message: 'The vma is handed on here.' }];
            reports.set(`${event.file}:${event.span.start}`, reportOn({ entry, event }, event.span, message, { related }));
          }
          if (event.kind === 'call' && event.name === 'dma_buf_mmap') forwarded = event;
        }
      }
    }
    return [...reports.values()];
  },
};

/** Whether the handler has looked at the operations that the exporter left, before the event. */
function isAsked({ conditions }: Path, forwarded: CallEvent, event: PathEvent): boolean {
  return conditions
    .slice(forwarded.after, event.after)
    .some(({ term }) => [...symbolsOf(term).keys()].some((id) => /(?:->|\.)vm_ops\b/.test(id)));
}

/** What is wrong with an event after the vma was handed on. */
function useOf(event: PathEvent): string | undefined {
  if (event.kind === 'write') {
    if (/(?:->|\.)vm_ops$/.test(event.name) && event.value.kind === 'pointer')
      return 'Other operations than its own make the exporter lose count of its mappings.';
    if (/(?:->|\.)vm_private_data$/.test(event.name) && event.value.kind === 'pointer')
      return "The exporter's operations find a stranger's pointer in vm_private_data.";
    return undefined;
  }
  if (event.kind !== 'call' || !/^(?:fput|get_file)$/.test(event.name)) return undefined;
  const [file] = event.arguments;
  const isVmFile = file?.kind === 'pointer' && /(?:->|\.)vm_file$/.test(file.place.object.name);
  return isVmFile ? `\`${event.name}()\` counts the file of the dma-buf and not the one that mmap(2) was called with.` : undefined;
}
