/**
 * Every quick fix that a rule offers for a fixture, or for the bad code of its page, mends it: applied alone, its finding is gone, no
 * rule finds anything new, and the text is understood as before. One that is not safe says what to check.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../server/src/cli/apply-fixes.ts';
import type { Finding } from '../../server/src/protocol/findings.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { checkText, type TextFile } from '../support/check-text.ts';
import { readFixture } from '../support/fixture.ts';
import { examplesOf } from '../support/rule-page.ts';

/** The rules that offer a fix for some code; a rule that no longer does is a loss to its users. */
// biome-ignore format: a table
const fixable: readonly string[] = [
  'access-missing', 'access-no-bounds', 'action-prot-order', 'call-fop-mmap', 'fault-address-math', 'fault-errno',
  'fault-extra-get-page', 'fault-insert-pfn-retcode', 'fault-mixedmap-unset', 'fault-no-bounds', 'fault-no-get-page',
  'fault-no-page-set', 'fault-prototype', 'fault-sleeps-atomic', 'file-ops-proc', 'find-vma-unchecked', 'gem-fake-offset',
  'insert-page-io', 'insert-page-noncompound', 'insert-pfn-cow', 'insert-pfn-flags', 'io-remap-plain', 'mayexec-not-cleared',
  'maywrite-not-cleared', 'missing-dontcopy', 'missing-dontexpand', 'missing-owner', 'missing-special-merge', 'missing-vm-io',
  'mixed-pfnmap-insert-page', 'mmap-and-prepare', 'mmap-eagain', 'mmap-ignored-return', 'mmap-narrow-type', 'mmap-no-size-check',
  'mmap-off-by-one', 'mmap-pgoff-ignored', 'mmap-pgoff-overflow', 'mmap-pgoff-unchecked', 'mmap-phys-truncated',
  'mmap-positive-return', 'mmap-sem-name', 'mmap-size-not-vma', 'mmap-uninitialised-memory', 'mmio-cached', 'nopage-type-null',
  'obsolete-api', 'open-not-called-first', 'page-mkwrite-unlocked', 'pgprot-after-map', 'pgprot-result-unused', 'pgprot-vm-flag',
  'prefer-mmap-prepare', 'prot-hardcoded', 'ram-noncached', 'remap-args-swapped', 'remap-cow-partial', 'remap-dma-handle-as-phys',
  'remap-error-continue', 'remap-kmalloc-virt', 'remap-vmalloc-contiguous', 'remap-vmalloc-not-user', 'use-after-put',
  'useless-ignore', 'vm-flags-direct-write', 'vm-flags-init-live', 'vm-flags-private-field', 'vm-flags-redundant-or',
  'vm-flags-set-old', 'vm-ops-not-const-static', 'vm-ops-null', 'vm-reserved-removed', 'vm-shared-test',
  'vmf-insert-errno-compare',
];

const root = path.join(import.meta.dirname, '../..');
const fixtures = path.join(root, 'test/fixtures/rules');
const pages = path.join(root, 'docs/rules');
const examples = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.c'))
  .map((file) => `examples/${file}`);

/** The C texts that show what a rule finds. */
function textsOf(rule: string): readonly (TextFile & { readonly name: string })[] {
  const files = readdirSync(path.join(fixtures, rule)).filter((file) => file.endsWith('.c'));
  const written = files.map((name) => {
    const text = readFileSync(path.join(fixtures, rule, name), 'utf8');
    return { name, text, kernel: readFixture(text).kernel };
  });
  const page = readFileSync(path.join(pages, `${rule}.md`), 'utf8');
  const bad = examplesOf(page).filter(({ heading }) => heading === 'Bad code');
  return [...written, ...bad.map(({ code, kernel }, index) => ({ name: `bad example ${index + 1} of the page`, text: code, kernel }))];
}

/** How often each rule speaks in each function. */
function counts(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { rule, function: name } of findings) all.set(`${rule} in ${name}`, (all.get(`${rule} in ${name}`) ?? 0) + 1);
  return all;
}

describe('quick fixes', () => {
  it.each(rules.map(({ name }) => name))('of %s take their finding away and bring no other', async (rule) => {
    let offered = false;
    for (const text of textsOf(rule)) {
      const before = await checkText(text, { possible: true });
      for (const finding of before.findings) {
        for (const fix of finding.fixes) {
          offered ||= finding.rule === rule;
          expect(/ \(check [^()]/.test(fix.title), `${fix.title}: one that is not safe says what to check`).toBe(!fix.safe);
          const mended = applyChanges(text.text, [fix.changes]);
          expect(mended.applied, `${text.name}: ${fix.title}`).toBe(1);
          const after = await checkText({ ...text, text: mended.text }, { possible: true });
          const left = counts(after.findings);
          const were = counts(before.findings);
          const own = `${finding.rule} in ${finding.function}`;
          const what = `${text.name}: ${fix.title}\n${mended.text}`;
          expect(left.get(own) ?? 0, what).toBeLessThan(were.get(own) ?? 0);
          expect(after.problems, what).toEqual(before.problems);
          // What somebody has to look at says so, and may bring to light what the code did before.
          expect(/ \(check .+\)$/.test(fix.title), fix.title).toBe(!fix.safe);
          if (!fix.safe) continue;
          for (const [key, count] of left) expect(count, `${key}, ${what}`).toBeLessThanOrEqual(were.get(key) ?? 0);
        }
      }
    }
    expect(offered, 'whether the rule offers a fix').toBe(fixable.includes(rule));
  });

  it.each(examples)('mend %s together, as check --fix does', async (name) => {
    const text = readFileSync(path.join(root, name), 'utf8');
    const kernel = name.includes('history') ? '2.6.12' : '6.12';
    const before = await checkText({ text, kernel });
    const fixes = before.findings.flatMap((finding) => finding.fixes.find(({ safe }) => safe) ?? []);
    const mended = applyChanges(
      text,
      fixes.map(({ changes }) => changes),
    );
    const after = await checkText({ text: mended.text, kernel });
    const were = counts(before.findings);
    for (const [key, count] of counts(after.findings)) expect(count, `${key}\n${mended.text}`).toBeLessThanOrEqual(were.get(key) ?? 0);
    if (mended.applied > 0) expect(after.findings.length).toBeLessThan(before.findings.length);
  });
});
