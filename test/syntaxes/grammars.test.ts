/** The patterns of the grammars in `syntaxes/` match what they should in C and in scenarios. */
import { describe, expect, it } from 'vitest';
import { readProjectFile } from '../support/sources.ts';

interface Pattern {
  readonly name?: string;
  readonly match: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

const patternsOf = (file: string): readonly Pattern[] => JSON.parse(readProjectFile(file)).patterns;

/** The scope of the first pattern that matches exactly `word` in `line`. */
function scopeOf(patterns: readonly Pattern[], line: string, word: string): string | undefined {
  for (const pattern of patterns) {
    const match = [...line.matchAll(new RegExp(pattern.match, 'g'))].find((found) => found.includes(word));
    if (match) return pattern.name ?? pattern.captures?.[match.indexOf(word)]?.name;
  }
  return undefined;
}

describe('the injection', () => {
  const patterns = patternsOf('syntaxes/driver-mmap.injection.tmLanguage.json');

  it('colours calls, old calls, protections, locks and flags', () => {
    expect(scopeOf(patterns, 'return remap_pfn_range(vma, 0);', 'remap_pfn_range')).toBe('support.function.mapping.driver-mmap');
    expect(scopeOf(patterns, 'remap_page_range (a);', 'remap_page_range')).toBe('invalid.deprecated.mapping.driver-mmap');
    expect(scopeOf(patterns, 'p = pgprot_noncached(p);', 'pgprot_noncached')).toBe('support.function.protection.driver-mmap');
    expect(scopeOf(patterns, 'mmap_read_lock(mm);', 'mmap_read_lock')).toBe('support.function.lock.driver-mmap');
    expect(scopeOf(patterns, 'a | VM_DONTEXPAND', 'VM_DONTEXPAND')).toBe('support.constant.vm-flag.driver-mmap');
    expect(scopeOf(patterns, 'return VM_FAULT_NOPAGE;', 'VM_FAULT_NOPAGE')).toBe('support.constant.vm-fault.driver-mmap');
  });

  it('leaves other names alone', () => {
    expect(scopeOf(patterns, 'my_remap_pfn_range(vma);', 'remap_pfn_range')).toBeUndefined();
    expect(scopeOf(patterns, 'ops.mmap = remap_pfn_range;', 'remap_pfn_range')).toBeUndefined();
    expect(scopeOf(patterns, 'down_read(&lock);', 'down_read')).toBeUndefined();
    expect(scopeOf(patterns, 'put_page(page);', 'put_page')).toBeUndefined();
  });
});

describe('the scenario grammar', () => {
  const patterns = patternsOf('syntaxes/mmapsim.tmLanguage.json');

  it('colours a statement', () => {
    const line = 'a = mmap len 16p off 0x1000 prot rw shared';
    expect(scopeOf(patterns, line, 'a')).toBe('variable.other.mapping.mmapsim');
    expect(scopeOf(patterns, line, 'mmap')).toBe('keyword.other.statement.mmapsim');
    expect(scopeOf(patterns, line, 'len')).toBe('storage.modifier.mmapsim');
    expect(scopeOf(patterns, line, '16p')).toBe('constant.numeric.mmapsim');
    expect(scopeOf(patterns, line, '0x1000')).toBe('constant.numeric.mmapsim');
    expect(scopeOf(patterns, line, 'shared')).toBe('constant.language.mmapsim');
  });

  it('colours expectations, processes and comments', () => {
    expect(scopeOf(patterns, 'mremap a len 8p expect EFAULT', 'expect')).toBe('keyword.control.expect.mmapsim');
    expect(scopeOf(patterns, 'mremap a len 8p expect EFAULT', 'EFAULT')).toBe('constant.other.error.mmapsim');
    expect(scopeOf(patterns, 'in child: read a', 'child')).toBe('variable.other.process.mmapsim');
    expect(scopeOf(patterns, 'close # the device', '# the device')).toBe('comment.line.number-sign.mmapsim');
  });
});
