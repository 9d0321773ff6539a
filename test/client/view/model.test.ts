/** The simulation page's computations over a small trace that is written here by hand. */
import { describe, expect, it } from 'vitest';
import {
  firstStep,
  lineText,
  pageChange,
  segmentsOf,
  settableText,
  sizeText,
  stepAtLine,
  stepForKey,
  textTwin,
  titleOf,
  vmaChange,
  windowAround,
} from '../../../client/view/src/model.ts';
import type { MemoryState, Trace, TraceStep, VmaState } from '../../../server/src/protocol/trace.ts';

const vma: VmaState = {
  name: 'a',
  start: '0x7f0000000000',
  end: '0x7f0000004000',
  pgoff: '0x0',
  flags: ['VM_READ', 'VM_SHARED'],
  smapsFlags: 'rd sh',
  pageProtection: 'shared',
};

const state = (overrides: Partial<MemoryState> = {}): MemoryState => ({
  processes: [
    {
      name: 'program',
      vmas: [vma],
      ptes: [
        { start: '0x7f0000001000', length: 2, pfn: '0xfe000', special: true, writable: true, dirty: false, cache: 'wc' },
        { start: '0x7f0000003000', length: 4, pfn: '0x1234', special: false, writable: false, dirty: true, cache: '' },
      ],
      rss: { file: 1, anonymous: 0 },
    },
  ],
  pages: [
    { pfn: '0xfe000', length: 2, kind: 'device memory', freed: false },
    { pfn: '0x1230', length: 8, kind: 'alloc_pages', refcount: 2, mapcount: 1, owner: 'ring->pages', freed: true },
  ],
  ...overrides,
});

const step = (index: number, overrides: Partial<TraceStep> = {}): TraceStep => ({
  index,
  line: index + 1,
  statement: 'read a',
  title: `step ${index}`,
  kind: 'action',
  actor: 'program',
  stack: [],
  changes: [],
  problems: [],
  state: state(),
  ...overrides,
});

const problem = { kind: 'kernel-bug', message: 'The kernel stops at an assertion.', step: 3 };
const trace: Trace = {
  kernel: '6.12',
  file: '/a.c',
  handler: { function: 'foo_mmap', kind: 'mmap', slot: 'file_operations.mmap' },
  scenario: 'open rw\n',
  assumptions: [],
  steps: [step(0), step(1), step(2, { kind: 'fault' }), step(3, { problems: [problem], changes: ['The page is mapped.'] }), step(4)],
  verdict: { outcome: 'problem', summary: 'It goes wrong.', problems: [problem], failedExpectations: [] },
};

describe('segmentsOf', () => {
  it('covers the mapping with holes and runs, cut at its end', () => {
    const process = state().processes[0];
    if (!process) throw new Error('no process');
    const segments = segmentsOf(vma, process, state().pages);
    expect(segments.map(({ start, length, letter }) => [start, length, letter])).toEqual([
      ['0x7f0000000000', 1, '-'],
      ['0x7f0000001000', 2, 'P'],
      ['0x7f0000003000', 1, '!'],
    ]);
    expect(segments[1]?.label).toBe('pfn 0xfe000, device memory, writable, special pte, wc');
    expect(segments[2]?.label).toBe('pfn 0x1234, ring->pages, freed, read-only, dirty, refcount 2');
  });

  it('begins inside a run that begins before the mapping', () => {
    const process = {
      name: 'program',
      vmas: [],
      ptes: [{ start: '0x7ffffffff000', length: 3, pfn: '0x10', special: false, writable: true, dirty: false, cache: '' }],
      rss: { file: 0, anonymous: 0 },
    };
    const upper = { ...vma, start: '0x800000000000', end: '0x800000001000' };
    const pages = [{ pfn: '0x11', length: 1, kind: 'anonymous', freed: false }];
    expect(segmentsOf(upper, process, pages)).toMatchObject([{ start: '0x800000000000', length: 1, letter: 'A', page: { pfn: '0x11' } }]);
  });
});

describe('changes', () => {
  it('tell new, changed and same rows apart', () => {
    const before = state();
    expect(vmaChange(vma, 'program', undefined)).toBe('new');
    expect(vmaChange(vma, 'child', before)).toBe('new');
    expect(vmaChange({ ...vma, flags: [] }, 'program', before)).toBe('changed');
    expect(vmaChange({ ...vma }, 'program', before)).toBe('same');
    expect(pageChange({ pfn: '0xfe000', length: 2, kind: 'device memory', freed: true }, before)).toBe('changed');
  });
});

describe('stepForKey', () => {
  it('walks, stops at the ends and leaves other keys alone', () => {
    expect(stepForKey('ArrowRight', false, trace.steps, 0)).toBe(1);
    expect(stepForKey('ArrowLeft', false, trace.steps, 0)).toBe(0);
    expect(stepForKey('ArrowRight', false, trace.steps, 4)).toBe(4);
    expect(stepForKey('Home', false, trace.steps, 3)).toBe(0);
    expect(stepForKey('End', false, trace.steps, 0)).toBe(4);
    expect(stepForKey('x', false, trace.steps, 0)).toBeUndefined();
    expect(stepForKey('End', false, [], 0)).toBe(0);
  });

  it('leads to the next fault or problem with F, and stays where there is none', () => {
    expect(stepForKey('f', false, trace.steps, 0)).toBe(2);
    expect(stepForKey('F', true, trace.steps, 2)).toBe(3);
    expect(stepForKey('f', false, trace.steps, 3)).toBe(3);
  });

  it('leads to the next fault or problem with Shift', () => {
    expect(stepForKey('ArrowRight', true, trace.steps, 0)).toBe(2);
    expect(stepForKey('ArrowRight', true, trace.steps, 2)).toBe(3);
    expect(stepForKey('ArrowLeft', true, trace.steps, 3)).toBe(2);
  });
});

describe('texts', () => {
  it('write sizes in pages, units and hexadecimal', () => {
    expect(sizeText(1)).toBe('1 page, 4 KiB (0x1000)');
    expect(sizeText(4)).toBe('4 pages, 16 KiB (0x4000)');
    expect(sizeText(512)).toBe('512 pages, 2 MiB (0x200000)');
    expect(sizeText(0)).toBe('0 pages, 0 bytes (0x0)');
  });

  it('call a step by its statement when it has no title', () => {
    expect(titleOf(step(0))).toBe('step 0');
    expect(titleOf(step(0, { title: '' }))).toBe('read a');
  });

  it('begin at the first problem', () => {
    expect(firstStep(trace)).toBe(3);
    expect(firstStep({ ...trace, steps: [step(0)] })).toBe(0);
  });

  it('give a step a twin in lines', () => {
    const twin = textTwin(trace, 3);
    expect(twin).toContain('foo_mmap on Linux 6.12\nIt goes wrong.');
    expect(twin).toContain('Step 4 of 5: step 3\n  The page is mapped.\n  problem: The kernel stops at an assertion.');
    expect(twin).toContain('0x7f0000001000 2 pages, 8 KiB (0x2000): pfn 0xfe000');
    expect(textTwin({ ...trace, steps: [] }, 0)).toBe('foo_mmap on Linux 6.12\nIt goes wrong.');
  });
});

describe('lineText', () => {
  it('names the scenario, or the one that is included', () => {
    expect(lineText({ line: 3 })).toBe('line 3 of the scenario');
    expect(lineText({ line: 3, source: { file: '/s/open.mmapsim', line: 7 } })).toBe('line 7 of open.mmapsim');
  });
});

describe('a line of the editor', () => {
  const at = (line: number) => ({ location: { file: '/a.c', range: { start: { line, character: 0 }, end: { line, character: 5 } } } });
  const steps = [step(0), step(1, at(7)), step(2), step(3, { ...at(9), problems: [problem] }), step(4, at(7))];
  const located = { ...trace, steps };

  it('leads to the nearest step behind the shown one, else to the first', () => {
    expect(stepAtLine(located, '/a.c', 7, 0)).toBe(1);
    expect(stepAtLine(located, '/a.c', 7, 1)).toBe(1);
    expect(stepAtLine(located, '/a.c', 7, 2)).toBe(4);
    expect(stepAtLine(located, '/a.c', 9, 4)).toBe(3);
    expect(stepAtLine(located, '/a.c', 8, 0)).toBeUndefined();
    expect(stepAtLine(located, '/b.c', 7, 0)).toBeUndefined();
  });

  it('decides where the page begins, unless something goes wrong elsewhere', () => {
    expect(firstStep(located, { file: '/a.c', line: 9 })).toBe(3);
    expect(firstStep(located, { file: '/a.c', line: 7 })).toBe(3);
    const sound = { ...located, steps: steps.with(3, step(3, at(9))) };
    expect(firstStep(sound, { file: '/a.c', line: 9 })).toBe(3);
    expect(firstStep(sound, { file: '/a.c', line: 8 })).toBe(0);
    expect(firstStep(sound)).toBe(0);
  });
});

describe('windowAround', () => {
  it('shows all of a short list and the middle of a long one', () => {
    expect(windowAround(3, 10, 200)).toEqual({ from: 0, to: 10 });
    expect(windowAround(0, 1000, 200)).toEqual({ from: 0, to: 200 });
    expect(windowAround(500, 1000, 200)).toEqual({ from: 400, to: 600 });
    expect(windowAround(999, 1000, 200)).toEqual({ from: 800, to: 1000 });
  });
});

describe('settableText', () => {
  it('is the number of a value as `assume` takes it', () => {
    expect(settableText('64 KiB (0x10000)')).toBe('0x10000');
    expect(settableText('16')).toBe('16');
    expect(settableText('-1')).toBe('-1');
    expect(settableText('not NULL')).toBe('');
    expect(settableText('0x81000000, 64 KiB')).toBe('');
  });
});
