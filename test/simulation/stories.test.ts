/** Whole stories as text: what a terminal shows, held word for word. `vitest -u` writes them anew. */
import { expect, test } from 'vitest';
import { formatStory } from '../../server/src/simulation/story.ts';
import { driverWith, faultDriver, remapDriver } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const stories = {
  'remap-default': { driver: remapDriver },
  'fault-fork-munmap': {
    driver: faultDriver,
    scenario:
      'open rw\na = mmap len 2p prot rw shared\nwrite a 9\nread a+1p expect SIGBUS\nfork child\nin child: read a\nin child: exit\nmunmap a\nclose\n',
  },
  'mixed-bug': {
    driver: driverWith('vm_flags_set(vma, VM_PFNMAP);\n\treturn vm_insert_page(vma, vma->vm_start, priv->page);'),
    scenario: 'open rw\na = mmap len 1p prot rw shared\n',
  },
  'expectation-fails': { driver: remapDriver, scenario: 'open ro\na = mmap len 17p prot r shared\nexpect a ok\n' },
} as const;

test.each(Object.entries(stories))('%s', async (name, { driver, ...wish }) => {
  const story = formatStory(await traceOf(driver, wish), { width: 100 });
  await expect(story).toMatchFileSnapshot(`stories/${name}.txt`);
});

test('no line is wider than asked for, unless a word is', async () => {
  const trace = await traceOf(faultDriver);
  for (const width of [60, 100]) {
    const wide = formatStory(trace, { width })
      .split('\n')
      .filter(
        (line) =>
          !line.startsWith('Assumed') &&
          line.length > width &&
          line.trim().includes(' ') &&
          line
            .trim()
            .split(' ')
            .every((word) => word.length < width / 3),
      );
    expect(wide).toEqual([]);
  }
});
