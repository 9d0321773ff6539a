/** Reports that are kept over edits: what is shown is what a check from nothing shows, and what no edit concerns is not searched for again. */
import { describe, expect, it, vi } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import type { SourceDocument } from '../../server/src/ide/document.ts';
import { ruleNamed, rules } from '../../server/src/rules/registry.ts';
import type { Report } from '../../server/src/rules/rule.ts';
import { openText } from '../support/check-text.ts';
import { readFixture } from '../support/fixture.ts';
import { seeded } from '../support/seeded.ts';
import { projectFiles, readProjectFile } from '../support/sources.ts';

const drivers = [...projectFiles('examples'), ...projectFiles('test/fixtures/precedents')].filter((file) => file.endsWith('.c'));

const blanks = [' ', '\n', '\t', '/* vm_flags */', ' // why\n'];

/** One edit of a function's body, or of what stands around the functions. */
function edited({ driver, file, text }: SourceDocument, random: (limit: number) => number): string {
  const headers = [...driver.functions.values()].filter((header) => header.file === file);
  const header = headers[random(headers.length)];
  const body = header?.bodySpan ?? { start: 0, end: text.length };
  const at = body.start + 1 + random(Math.max(body.end - body.start - 2, 1));
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at) + 1 || text.length;
  const insert = (line: string): string => text.slice(0, start) + line + text.slice(start);
  switch (random(12)) {
    case 0:
      return `${text.slice(0, at)}x${text.slice(at)}`;
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, start) + text.slice(end);
    case 3:
      return insert(text.slice(start, end));
    case 4:
      return insert('\t/* kfree() frees what vma->vm_flags say */\n');
    case 5:
      return insert('\tif (vma->vm_pgoff == 3)\n\t\treturn -EINVAL;\n');
    case 6:
      // Never of itself: a recursion has a great many paths.
      return insert(`\t${headers.find(({ span }) => span.end < body.start)?.name ?? 'nobody'}(vma);\n`);
    case 7:
      return `${text}\nstatic void another(struct vm_area_struct *vma)\n{\n\tkfree(vma->vm_private_data);\n}\n`;
    case 8:
      return `/* above everything */\n${text}`;
    case 9:
    case 10:
      return text.slice(0, at) + (blanks[random(blanks.length)] ?? '') + text.slice(at);
    default:
      return insert('\tvma->vm_flags |= VM_IO;\n');
  }
}

describe('reports that are kept over edits', () => {
  it.each(drivers.filter((_, index) => index % 12 === 0).map((file, index) => [file, index] as const))(
    'are what a check from nothing reports: %s',
    async (file, index) => {
      const original = readProjectFile(file);
      const random = seeded(index + 1);
      const open = await openText({ text: original });
      for (let step = 0; step < 6; step++) {
        open.update(step % 3 === 2 ? original : edited(open, random));
        const fresh = await openText({ text: open.text });
        expect(checkDocument(open, { possible: true }), `edit ${step}`).toEqual(checkDocument(fresh, { possible: true }));
      }
    },
  );

  it.each(drivers.filter((_, index) => index % 12 === 6).map((file, index) => [file, index] as const))(
    'are moved with what blanks and comments move: %s',
    async (file, index) => {
      const random = seeded(index + 100);
      const open = await openText({ text: readProjectFile(file) });
      const headers = [...open.driver.functions.values()].filter((header) => header.file === open.file);
      const body = (open.driver.handlers[0] ? open.driver.functions.get(open.driver.handlers[0].function) : headers[0])?.bodySpan;
      if (!body || body.end > open.text.length) return;
      for (let step = 0; step < 8; step++) {
        const { text } = open;
        const at = body.start + 1 + random(body.end - body.start - 2);
        open.update(text.slice(0, at) + (blanks[random(blanks.length)] ?? '') + text.slice(at));
        const fresh = await openText({ text: open.text });
        expect(checkDocument(open, { possible: true }), `edit ${step}`).toEqual(checkDocument(fresh, { possible: true }));
      }
    },
  );

  it('are not made again for a comment or a blank in what their rule asked about', async () => {
    const text = readProjectFile('examples/ring-buffer.c');
    const open = await openText({ text });
    const check = (comment: string): void => {
      open.update(text.replace(/(_mmap\([^)]*vma\)\n\{\n)/, `$1\t/* ${comment} */\n`));
      checkDocument(open, {});
    };
    check('o');
    check('on');
    const spy = vi.spyOn(ruleNamed('mmap-no-size-check') ?? { check: () => [] }, 'check');
    try {
      check('one');
      expect(open.text).toContain('/* one */');
      expect(spy).not.toHaveBeenCalled();
      open.update(open.text.replace('/* one */', 'if (vma->vm_pgoff) return -EINVAL;'));
      checkDocument(open, {});
      expect(spy).toHaveBeenCalled();
    } finally {
      spy.mockRestore();
    }
  });

  it('are not made again for an edit that their rule did not ask about', async () => {
    const text = readProjectFile('examples/ring-buffer.c');
    const open = await openText({ text });
    const aside = `${text}\nstatic int aside(int count)\n{\n\treturn count;\n}\n`;
    const check = (version: string): void => {
      open.update(version);
      checkDocument(open, {});
    };
    check(aside);
    check(aside.replace('return count;', 'return count + 1;'));
    const spies = rules.filter(({ name }) => name !== 'useless-ignore').map((rule) => vi.spyOn(rule, 'check'));
    try {
      check(aside.replace('return count;', 'return count + 12;'));
      const made = rules.filter(({ check }) => vi.isMockFunction(check) && check.mock.calls.length > 0);
      expect(made.map(({ name }) => name)).toEqual([]);
      check(aside.replace('return count;', 'return vma->vm_flags |= VM_IO;'));
      expect(vi.mocked(ruleNamed('vm-flags-direct-write')?.check)).toHaveBeenCalledOnce();
      // What a header or a sibling says is not noted.
      open.othersChanged();
      check(aside.replace('return count;', 'return count + 2;'));
      expect(vi.mocked(ruleNamed('lock-inversion')?.check)).toHaveBeenCalledOnce();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it.each(rules.filter((rule) => rule.byEntry))(
    'of $name, which looks at one entry at a time, are those of all entries together',
    async (rule) => {
      const folder = `test/fixtures/rules/${rule.name}`;
      let count = 0;
      for (const file of projectFiles(folder).filter((each) => each.endsWith('.c'))) {
        const { kernel } = readFixture(readProjectFile(file));
        const { driver, entries } = await openText({ text: readProjectFile(file), kernel });
        const together = rule.check({ driver, entries });
        const apart = entries.flatMap((entry) => rule.check({ driver, entries: [entry] }));
        const places = (reports: readonly Report[]) => [...new Set(reports.map(({ span, message }) => `${span.start} ${message}`))].sort();
        expect(places(apart)).toEqual(places(together));
        count += together.length;
      }
      expect(count).toBeGreaterThan(0);
    },
  );
});
