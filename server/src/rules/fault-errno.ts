/** `fault-errno`: a handler that returns VM_FAULT_ bits returns an error number. */
import type { EntryAnalysis } from '../analysis/path.ts';
import type { HandlerKind } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import { atLeast, type KernelVersion } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { faultKinds } from './support/kinds.ts';
import { reportIn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';
import { errorName, returnedValues } from './support/results/returns.ts';
import { usesOf } from './support/text/uses.ts';

/** What a fault says instead. */
const bits: Readonly<Record<string, string>> = { ENOMEM: 'VM_FAULT_OOM', EAGAIN: 'VM_FAULT_RETRY', EHWPOISON: 'VM_FAULT_HWPOISON' };

export const faultErrno: Rule = {
  name: 'fault-errno',
  severity: 'error',
  summary: 'A fault handler returns an error number, whose bits the kernel reads as VM_FAULT_ flags.',
  versions: { since: { major: 2, minor: 6, patch: 23 } },
  provedBy: ['bad-return'],
  shownBy: [
    `open rw\na = mmap len 2p off 0p prot rw shared expect any\nread a.end-1p expect any\n`,
    `open rw\na = mmap len 1p off 0p prot rw shared expect any\nread a.end-1p expect any\n`,
    `open rw\na = mmap len 16p off 0p prot rw shared expect any\nread a.end-1p expect any\n`,
  ],
  check({ driver, entries }) {
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      const { handler } = entry.entry;
      if (!handler?.defined || !returnsBits(handler.kind, driver.target.version)) continue;
      const uses = usesOf(driver, handler.function);
      if (!uses) continue;
      const values = returnedValues(driver, handler.function).filter((value) => errorName(value)?.negative);
      for (const value of values) {
        const name = errorName(value)?.name ?? '';
        const newText = bits[name] ?? 'VM_FAULT_SIGBUS';
        const message = `The kernel reads the result of \`${handler.function}()\` as VM_FAULT_ bits, and those of -${name} mean something else. Return ${newText}, or vmf_error(-${name}).`;
        const fixes = [{ title: `Return ${newText}`, safe: true, edits: [{ file: uses.file, span: value.span, newText }] }];
        reports.set(value.span.start, reportIn(uses, value.span, message, { handler, fixes }));
      }
      if (values.length > 0 || !returnsError(entry)) continue;
      const message = `On some path \`${handler.function}()\` returns a negative error number, and the kernel reads it as VM_FAULT_ bits. Turn it into them with vmf_error().`;
      reports.set(handler.nameSpan.start, reportIn(uses, handler.nameSpan, message, { handler }));
    }
    return [...reports.values()];
  },
};

/** Whether a handler of this kind answers with VM_FAULT_ bits; page_mkwrite answered with 0 or an error number before 2.6.30. */
function returnsBits(kind: HandlerKind, version: KernelVersion): boolean {
  if (kind === 'page_mkwrite') return atLeast(version, 2, 6, 30);
  return faultKinds.has(kind) && kind !== 'map_pages';
}

/** The largest error number. */
const maxErrno = 4095n;

function returnsError(entry: EntryAnalysis): boolean {
  return entry.paths.some((path) => {
    const term = returnedTerm(path);
    const value = term && constantOf(term);
    if (value === undefined) return false;
    const signed = BigInt.asIntN(32, value);
    return signed < 0n && signed >= -maxErrno;
  });
}
