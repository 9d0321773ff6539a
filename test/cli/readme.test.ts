/** What the README shows of the command line is what the command line prints. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, run } from './run-cli.ts';

/** A command in a block of its own, and the block behind it: its output, or a part of that. */
const shown = /```sh\ndriver-mmap ([^\n]+)\n```\n\n```\n([\s\S]*?)```/g;

describe('the README', () => {
  const blocks = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(shown)].map(([, command = '', output = '']) => [
    command,
    output,
  ]);

  it('shows two matrices', () => {
    expect(blocks).toHaveLength(2);
  });

  it.each(blocks)('shows what `%s` prints', (command, output) => {
    expect(run(...command.split(' ')).stdout).toContain(output);
  });
});
