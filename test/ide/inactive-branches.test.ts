/** Which lines of a text the target does not compile. */
import { describe, expect, it } from 'vitest';
import { inactiveBranches } from '../../server/src/ide/inactive-branches.ts';
import { openText } from '../support/check-text.ts';

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

  it('reach the end of a text that closes no conditional', async () => {
    expect(await inactive('#if 0\nint a;\nint b;')).toEqual(['int a;\nint b;']);
    expect(await inactive('#if 0\nint a;\n')).toEqual(['int a;\n']);
    expect(await inactive('#if 0')).toEqual([]);
  });
});
