/** Which lines of a text the target does not compile. */
import { describe, expect, it } from 'vitest';
import { SourceDocument } from '../../server/src/ide/document.ts';
import { inactiveBranches } from '../../server/src/ide/inactive-branches.ts';
import { openText } from '../support/check-text.ts';
import { testGrammar } from '../support/grammar.ts';

/** The text of each inactive range. */
async function inactive(text: string, kernel = '6.12'): Promise<readonly string[]> {
  const document = await openText({ text, kernel });
  const lines = document.linesOf(document.file);
  const ranges = inactiveBranches(document);
  return ranges.map(({ start, end }) => text.slice(lines.offsetAt(start), lines.offsetAt(end)));
}

const versions = `int before;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
int old;

#else /* 6.3 */
int new;
#endif
int after;
`;

describe('inactiveBranches', () => {
  it('are the lines between the directives, and follow the kernel', async () => {
    expect(await inactive(versions)).toEqual(['int old;\n']);
    expect(await inactive(versions, '6.1')).toEqual(['int new;']);
  });

  it('hold nested branches and those of #elif, up to the next active line', async () => {
    const text = '#if 0\na\n#ifdef B\nb\n#endif\n#elif 0\nc\n#elif 1\nd\n#else\ne\n#endif\n';
    expect(await inactive(text)).toEqual(['a\n#ifdef B\nb\n#endif\n#elif 0\nc', 'e']);
  });

  it('leave out what has no line of its own', async () => {
    expect(await inactive('#if 0\n#else\nint a;\n#endif\n')).toEqual([]);
    expect(await inactive('int a;\n')).toEqual([]);
  });

  it('begin after a directive of several lines', async () => {
    expect(await inactive('#if 0 && \\\n  1\nint a;\n#endif\n')).toEqual(['int a;']);
    expect(await inactive('#if 0 /* for\n a while */\nint a;\n#endif\n')).toEqual(['int a;']);
  });

  it('follow the macros of headers, and what happens to them', async () => {
    const files: Record<string, string> = { '/driver/config.h': '#define OLD_WAY 1\n' };
    const text = '#include "config.h"\n#ifdef OLD_WAY\nint old;\n#else\nint new;\n#endif\n';
    const host = { readFile: (file: string) => files[file] };
    const target = { version: { major: 6, minor: 12, patch: 0 }, config: new Map<string, string>(), longBits: 64 } as const;
    const document = new SourceDocument({ grammar: await testGrammar(), host, target }, '/driver/own.c', text);
    const variables = (): readonly string[] => [...document.driver.variables.keys()];
    expect(variables()).toEqual(['old']);
    files['/driver/config.h'] = '';
    document.othersChanged();
    expect(variables()).toEqual(['new']);
    expect(inactiveBranches(document)).toEqual([{ start: { line: 2, character: 0 }, end: { line: 2, character: 8 } }]);
  });

  it('reach the end of a text that closes no conditional', async () => {
    expect(await inactive('#if 0\nint a;\nint b;')).toEqual(['int a;\nint b;']);
    expect(await inactive('#if 0\nint a;\n')).toEqual(['int a;\n']);
    expect(await inactive('#if 0')).toEqual([]);
  });
});
