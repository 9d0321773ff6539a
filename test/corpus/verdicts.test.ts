/** Holds the yardstick of the findings itself: the rows of a page, and what counts as a difference to it. */
import { describe, expect, it } from 'vitest';
import { readProjectFile } from '../support/sources.ts';
import { carefulHandlers, differences, gathered, judgedPlaces } from './verdicts.ts';

const page = `# Findings
| file | function | rule | verdict |
|---|---|---|---|
| a/card.c | \`card_mmap\` | remap-cow-partial | Right. Page by page. |
| a/card.c | \`card_mmap\` | mmap-narrow-type (2) | Gap. Twice. |
| b.c | - | missing-owner | Right. |
| where | what was reported | what was wrong with it |
`;
const one = (file: string, inside: string, rule: string, count = 1) => ({ file, function: inside, rule, count });

describe('the judged findings', () => {
  it('are the rows of a page', () => {
    expect(judgedPlaces(page)).toEqual([
      one('a/card.c', 'card_mmap', 'remap-cow-partial'),
      one('a/card.c', 'card_mmap', 'mmap-narrow-type', 2),
      one('b.c', '', 'missing-owner'),
    ]);
  });

  it.each(['6.12', '6.1'])('stand in the page of %s, row by row', (version) => {
    const [table = ''] = readProjectFile(`test/corpus/verdicts-${version}.md`).split('\n## ');
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| file '));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => judgedPlaces(row).length !== 1)).toEqual([]);
  });

  it('differ from those of today by place and by number', () => {
    const found = gathered([
      one('a/card.c', 'card_mmap', 'remap-cow-partial'),
      one('a/card.c', 'card_mmap', 'remap-cow-partial'),
      one('a/card.c', 'card_mmap', 'mmap-narrow-type'),
      one('c.c', 'other_mmap', 'insert-pfn-cow'),
    ]);
    expect(differences(found, judgedPlaces(page))).toEqual({
      added: ['a/card.c card_mmap remap-cow-partial', 'c.c other_mmap insert-pfn-cow'],
      lost: ['a/card.c card_mmap mmap-narrow-type', 'b.c - missing-owner'],
    });
  });

  it('leave out ten handlers, by name', () => {
    const careful = carefulHandlers(readProjectFile('test/corpus/verdicts-6.12.md'));
    expect(careful.size).toBe(10);
    expect(careful).toContain('drivers/uio/uio.c uio_mmap');
  });
});
