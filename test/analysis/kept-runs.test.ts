/** Analyses that keep runs over edits come to what an analysis from nothing comes to, whatever is typed. */
import { describe, expect, it } from 'vitest';
import type { CallEvent, EntryAnalysis } from '../../server/src/analysis/path.ts';
import { printTerm } from '../../server/src/execution/term-print.ts';
import { checkDocument } from '../../server/src/ide/check.ts';
import type { SourceDocument } from '../../server/src/ide/document.ts';
import { text as valueText } from '../support/analysis.ts';
import { openText } from '../support/check-text.ts';
import { seeded } from '../support/seeded.ts';
import { projectFiles, readProjectFile } from '../support/sources.ts';

const edits = 12;

/** Everything that rules read of an entry, with all places in the text. */
function describeEntry({ entry, paths, complete, problems, guarantees }: EntryAnalysis): unknown {
  return {
    entry: `${entry.function} ${entry.slot} ${entry.mmapLock}`,
    complete,
    problems,
    guarantees: guarantees.map((term) => printTerm(term)),
    paths: paths.map((path) => ({
      doubts: path.doubts,
      outcome: path.outcome.kind === 'returned' ? valueText(path.outcome.value) : [path.outcome.stop, path.outcome.span],
      conditions: path.conditions.map(({ term, span, function: name }) => [printTerm(term), span, name]),
      events: path.events.map((event) => ({
        kind: event.kind,
        places: [event.span, event.frames, event.locks, ...(event.kind === 'call' ? [event.nameSpan, event.argumentSpans] : [])],
        after: event.after,
        iteration: event.iteration,
        lock: event.mmapLock,
        flags: event.vma && printTerm(event.vma.flags),
        values: event.kind === 'call' ? [event.name, ...event.arguments.map((value) => valueText(value)), valueText(event.result)] : [],
      })),
    })),
  };
}

function describeDocument(document: SourceDocument): unknown {
  return { entries: document.entries.map(describeEntry), ...checkDocument(document, { possible: true }) };
}

/** What people do to a text: type, delete, break, copy and drop lines, comment something out. */
function edited(text: string, random: (limit: number) => number): string {
  const at = random(text.length);
  const lines = text.split('\n');
  const line = random(lines.length);
  switch (random(8)) {
    case 0:
      return `${text.slice(0, at)}x${text.slice(at)}`;
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return `${text.slice(0, at)}\n${text.slice(at)}`;
    case 3:
      return lines.toSpliced(line, 1).join('\n');
    case 4:
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
    case 5:
      return lines.toSpliced(line, 0, '/* a comment */').join('\n');
    case 6:
      return text.replace(/\blen\b|\bsize\b/, (word) => (random(2) === 0 ? `${word} + 1` : 'other'));
    default:
      return lines.toSpliced(line, 0, '#define LIMIT 3').join('\n');
  }
}

const drivers = [...projectFiles('examples'), ...projectFiles('test/fixtures/rules')].filter((file) => file.endsWith('.c'));

describe('an analysis that keeps runs over edits', () => {
  it.each(drivers.map((file, index) => [file, index] as const))('equals one from nothing: %s', async (file, index) => {
    const original = readProjectFile(file);
    const random = seeded(index + 1);
    const open = await openText({ text: original });
    let text = original;
    for (let step = 0; step < edits; step++) {
      // Every other edit is taken back, as the next key often does.
      text = step % 2 === 1 && random(2) === 0 ? original : edited(text, random);
      open.update(text);
      const fresh = await openText({ text });
      expect(describeDocument(open), `edit ${step}`).toEqual(describeDocument(fresh));
    }
  });
});

const box = `
struct box { void *buf; };
static int box_open(struct inode *inode, struct file *file)
{
	struct box *box = file->private_data;
	box->buf = vmalloc(4096);
	return 0;
}
static int box_flush(struct file *file, fl_owner_t id)
{
	return 0;
}
static int box_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct box *box = file->private_data;
	return remap_vmalloc_range(vma, box->buf, 0);
}
static const struct file_operations box_fops = { .open = box_open, .mmap = box_mmap };
`;

async function firstCallAfter(edit: (text: string) => string): Promise<readonly [CallEvent, CallEvent]> {
  const [before, after] = await firstCallsOver(edit);
  if (!before || !after) throw new Error('a version is missing');
  return [before, after];
}

/** The first call of `box_mmap` in the original text, and after each of the edits, which are made to the original. */
async function firstCallsOver(...versions: readonly ((text: string) => string)[]): Promise<readonly CallEvent[]> {
  const document = await openText({ text: box });
  const firstCall = (): CallEvent => {
    const event = document.entries.find(({ entry }) => entry.function === 'box_mmap')?.paths[0]?.events[0];
    if (event?.kind !== 'call') throw new Error('box_mmap calls nothing');
    return event;
  };
  const calls = [firstCall()];
  for (const version of versions) {
    document.update(version(box));
    calls.push(firstCall());
  }
  return calls;
}

function memoryOf(event: CallEvent): unknown {
  const buffer = event.arguments[1];
  return buffer?.kind === 'pointer' && buffer.place.object.origin.kind === 'allocated' ? buffer.place.object.origin.call : undefined;
}

describe('the runs of a handler', () => {
  it('are kept, and moved, when another function changes', async () => {
    const [before, after] = await firstCallAfter((text) => text.replace('id)\n{\n', 'id)\n{\n\tlog();\n'));
    expect(after.arguments).toBe(before.arguments);
    expect(after.nameSpan.start - before.nameSpan.start).toBe('\tlog();\n'.length);
  });

  it('are new when the handler changes', async () => {
    const [before, after] = await firstCallAfter((text) => text.replace('box->buf, 0', 'box->buf, 1'));
    expect(after.arguments).not.toBe(before.arguments);
    expect(valueText(after.arguments[2])).toBe('1');
  });

  it('are new when another function gives a field that they read other memory', async () => {
    const [before, after] = await firstCallAfter((text) => text.replace('vmalloc(4096)', 'vmalloc_user(4096)'));
    expect([memoryOf(before), memoryOf(after)]).toEqual(['vmalloc', 'vmalloc_user']);
  });

  it('are kept when a function that sets such a field changes elsewhere, once its assignments are known', async () => {
    const [, second, third] = await firstCallsOver(
      (text) => text.replace('return 0;', 'return 1;'),
      (text) => text.replace('return 0;', 'return 2;'),
    );
    expect(third?.arguments).toBe(second?.arguments);
  });

  it('are new when something outside of functions changes', async () => {
    const [before, after] = await firstCallAfter((text) => `#define LIMIT 3\n${text}`);
    expect(after.arguments).not.toBe(before.arguments);
  });
});
