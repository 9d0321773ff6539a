/** What is kept of the stretches of a text that is being edited, and for how long. */
import { describe, expect, it } from 'vitest';
import { SliceCache } from '../../server/src/syntax/slice-cache.ts';

/** Asks for a stretch as one version of a text does; whether it had to be made. */
function isMade(cache: SliceCache<{ readonly text: string }>, text: string, start: number): boolean {
  let made = false;
  cache.turn();
  cache.get(text, text, start, () => {
    made = true;
    return { text };
  });
  return made;
}

describe('the cache of stretches', () => {
  it('forgets soon what another stretch has taken the place of, with the texts that it was cut from', () => {
    const cache = new SliceCache<{ readonly text: string }>();
    expect(isMade(cache, 'first', 10)).toBe(true);
    for (let version = 0; version < 4; version++) isMade(cache, `typed ${version}`, 10);
    expect(isMade(cache, 'first', 10)).toBe(false);
    for (let version = 0; version < 20; version++) isMade(cache, `other ${version}`, 10);
    expect(isMade(cache, 'first', 10)).toBe(true);
  });

  it('keeps for long what nobody asks for and nothing has replaced', () => {
    const cache = new SliceCache<{ readonly text: string }>();
    isMade(cache, 'aside', 500);
    for (let version = 0; version < 90; version++) isMade(cache, `typed ${version}`, 10);
    expect(isMade(cache, 'aside', 500)).toBe(false);
    for (let version = 0; version < 110; version++) isMade(cache, `again ${version}`, 10);
    expect(isMade(cache, 'aside', 500)).toBe(true);
  });

  it('moves what stands elsewhere now, and keeps it there', () => {
    const cache = new SliceCache<{ readonly span: { readonly start: number; readonly end: number } }>();
    const at = (start: number) => cache.get('same', 'same', start, () => ({ span: { start, end: start + 4 } })).span;
    expect(at(10)).toEqual({ start: 10, end: 14 });
    cache.turn();
    expect(at(30)).toEqual({ start: 30, end: 34 });
    for (let version = 0; version < 20; version++) putAtFormerPlace(cache, version);
    expect(at(30)).toEqual({ start: 30, end: 34 });
  });
});

/** Other stretches at the place that the moved one has left. */
function putAtFormerPlace(cache: SliceCache<{ readonly span: { readonly start: number; readonly end: number } }>, version: number): void {
  cache.turn();
  cache.get(`left ${version}`, `left ${version}`, 10, () => ({ span: { start: 10, end: 14 } }));
}
