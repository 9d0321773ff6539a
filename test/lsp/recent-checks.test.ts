/** What is remembered of the last versions of a text. */
import { describe, expect, it } from 'vitest';
import { RecentChecks } from '../../server/src/lsp/recent-checks.ts';

const result = () => ({ findings: [], problems: [] });

describe('RecentChecks', () => {
  it('knows exactly the texts that it was given', () => {
    const recent = new RecentChecks();
    const first = result();
    recent.keep('a', first);
    expect(recent.of('a')).toBe(first);
    expect(recent.of('a ')).toBeUndefined();
  });

  it('keeps the ones that were used last, and forgets all when told', () => {
    const recent = new RecentChecks();
    const first = result();
    recent.keep('first', first);
    for (let i = 0; i < 5; i++) recent.keep(`${i}`, result());
    expect(recent.of('first')).toBe(first);
    recent.keep('one too many', result());
    expect(recent.of('0')).toBeUndefined();
    expect(recent.of('first')).toBe(first);
    recent.forget();
    expect(recent.of('first')).toBeUndefined();
  });
});
