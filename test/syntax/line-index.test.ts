/** Offsets to lines and UTF-16 units, and back. */
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../server/src/syntax/line-index.ts';

describe('LineIndex', () => {
  it('counts UTF-16 units, so that an emoji is two columns wide', () => {
    const lines = new LineIndex('a😀b\nü;');
    expect(lines.positionAt(3)).toEqual({ line: 0, character: 3 });
    expect(lines.positionAt(6)).toEqual({ line: 1, character: 1 });
    expect(lines.offsetAt({ line: 1, character: 1 })).toBe(6);
  });

  it('ends lines with \\n, \\r\\n and a lone \\r', () => {
    const lines = new LineIndex('a\r\nb\rc\nd');
    expect(lines.lineCount).toBe(4);
    expect([0, 3, 5, 7].map((offset) => lines.positionAt(offset).line)).toEqual([0, 1, 2, 3]);
  });

  it('takes a byte order mark for one column', () => {
    expect(new LineIndex('\uFEFFint x;').positionAt(5)).toEqual({ line: 0, character: 5 });
  });

  it('moves what lies outside to the nearest end', () => {
    const lines = new LineIndex('ab\ncd');
    expect(lines.positionAt(99)).toEqual({ line: 1, character: 2 });
    expect(lines.positionAt(-1)).toEqual({ line: 0, character: 0 });
    expect(lines.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(lines.offsetAt({ line: 9, character: 0 })).toBe(5);
    expect(lines.offsetAt({ line: -1, character: 4 })).toBe(0);
  });

  it('gives back every offset of a text with mixed line ends', () => {
    const text = '\uFEFFint 😀;\r\n\tü\n\n}\r\n';
    const lines = new LineIndex(text);
    const inLineBreak = (offset: number) => text[offset] === '\n' && text[offset - 1] === '\r';
    for (let offset = 0; offset <= text.length; offset++)
      if (!inLineBreak(offset)) expect(lines.offsetAt(lines.positionAt(offset))).toBe(offset);
  });
});
