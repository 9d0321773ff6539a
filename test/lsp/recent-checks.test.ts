/** What is remembered of the last versions of a text. */
import { describe, expect, it } from 'vitest';
import { RecentChecks } from '../../server/src/lsp/recent-checks.ts';

const result = () => ({ check: { findings: [], problems: [] } });

describe('RecentChecks', () => {
  it('knows exactly the texts that it was given', () => {
    const recent = new RecentChecks();
    const first = result();
    recent.keep('a', first);
    expect(recent.of('a')?.check).toBe(first.check);
    expect(recent.of('a ')).toBeUndefined();
  });

  it('adds what was shown to what was found', () => {
    const recent = new RecentChecks();
    const first = result();
    const shown = { text: 'a', findings: [] };
    recent.keep('a', first);
    recent.keep('a', { shown });
    expect(recent.of('a')).toEqual({ ...first, shown });
  });

  it('keeps the ones that were used last, and forgets all when told', () => {
    const recent = new RecentChecks();
    const first = result();
    recent.keep('first', first);
    for (let i = 0; i < 5; i++) recent.keep(`${i}`, result());
    expect(recent.of('first')?.check).toBe(first.check);
    recent.keep('one too many', result());
    expect(recent.of('0')).toBeUndefined();
    expect(recent.of('first')?.check).toBe(first.check);
    recent.forget();
    expect(recent.of('first')).toBeUndefined();
  });
});
