/** How the text of a simulation shows the kernel's log: line by line. */
import { expect, test } from 'vitest';
import { dmesgLines } from '../../server/src/simulation/story.ts';

test.each([
  ['kernel BUG at mm/memory.c!', 80, ['  dmesg: kernel BUG at mm/memory.c!']],
  [
    'page dumped because: bad pte\nkernel BUG at mm/memory.c!',
    80,
    ['  dmesg: page dumped because: bad pte', '         kernel BUG at mm/memory.c!'],
  ],
  ['page dumped because: bad pte\nend', 24, ['  dmesg: page dumped', '         because: bad', '         pte', '         end']],
] as const)('%j in %d columns', (text, width, lines) => {
  expect(dmesgLines(text, width, '  ')).toEqual(lines);
});
