/** What may come next in a scenario: what its parser looks for at the cursor, and names that are known there. */
import { describe, expect, it } from 'vitest';
import { type ScenarioDriver, scenarioCompletions } from '../../server/src/ide/scenario-completion.ts';

const story = 'f = open rw\na = mmap len 4p prot rw shared\nfork kid\np = pin a\nq = ioctl GO { u32 1 }\n';

function at(line: string, driver?: ScenarioDriver) {
  const text = `${story}${line}`;
  return scenarioCompletions(text, { line: 5, character: line.length }, { driver });
}

function words(line: string): readonly string[] {
  return at(line).map(({ word }) => word);
}

describe('scenarioCompletions', () => {
  it.each(['', '  mm', 'in kid: '])('begin a statement after %j', (line) => {
    expect(words(line)).toEqual(expect.arrayContaining(['mmap', 'read', 'expect']));
    expect(words(line)).not.toContain('prot');
  });

  it('are statements that make something after a name', () => {
    expect(words('b = ')).toEqual(['open', 'dup', 'ioctl', 'pread', 'mmap', 'mremap', 'pin']);
  });

  it.each([
    ['mprotect a ', ['len', 'prot']],
    ['mprotect a prot ', ['r', 'rw', 'rwx', 'rx', 'w', 'none']],
    ['madvise a dont', ['len', 'normal', 'dontneed', 'dontfork']],
    ['read a by ', ['cpu', 'threads', 'ptrace', 'direct']],
    ['read a by mem of ', ['program', 'kid']],
    ['open rw sync ', ['direct', 'nonblock', 'expect']],
    ['lseek 4 ', ['set', 'cur', 'end', 'of', 'expect']],
    ['fail ', ['kmalloc', 'remap_pfn_range']],
    ['kernel ', ['2.4', '6.12']],
    ['in ', ['kid']],
    ['read ', ['a', 'q']],
    ['munmap ', ['a']],
    ['close ', ['f', 'expect']],
    ['unpin ', ['p']],
    ['b = mmap len 1p off ', ['a', 'q']],
    ['b = mmap len 1p prot r shared of ', ['f']],
    ['read a expect ', ['value', 'SIGBUS', 'zero', 'vmflags', 'EINVAL']],
    ['expect ', ['ok', 'count', 'a', 'f']],
    ['expect a ', ['ok', 'ENOMEM']],
    ['expect count ', ['fault', 'unlocked_ioctl']],
    ['expect problem ', ['kernel-bug', 'leak']],
    ['expect problem kernel-', ['kernel-bug']],
    ['expect vmflags a ', ['has', 'lacks']],
    ['expect vmflags a has ', ['rd', 'io']],
    ['expect vmflags a has io ', ['rd', 'pf']],
    ['expect flags a lacks ', ['VM_IO', 'VM_MAYWRITE']],
    ['expect present a = ', ['yes', 'no']],
    ['expect no ', ['problem', 'message']],
  ])('after %j have %j', (line, some) => {
    expect(words(line)).toEqual(expect.arrayContaining([...some]));
  });

  it('are the words of the statement inside it, each once', () => {
    expect(words('b = mmap len 4p ')).toEqual(expect.arrayContaining(['off', 'prot', 'shared', 'populate', 'fixed_noreplace', 'expect']));
    expect(words('b = mmap len 4p ')).not.toContain('len');
    expect(words('open ')).toEqual(['rw', 'ro', 'wo']);
  });

  it('are no names of another kind, and none that later lines make', () => {
    expect(words('read ')).not.toContain('f');
    expect(words('in ')).not.toContain('a');
    expect(scenarioCompletions(story, { line: 0, character: 0 }).map(({ word }) => word)).not.toContain('a');
    expect(scenarioCompletions(`read \n${story}`, { line: 0, character: 5 })).toEqual([]);
  });

  it('are names that an included scenario makes', () => {
    const place = { file: '/s/a.mmapsim', readFile: (path: string) => (path === '/s/b.mmapsim' ? story : undefined) };
    const found = scenarioCompletions('include "b.mmapsim"\nmunmap ', { line: 1, character: 7 }, { place });
    expect(found.map(({ word }) => word)).toEqual(['a', 'q']);
  });

  it('are what the driver tells where only it can', () => {
    const driver = { commands: () => ['CARD_RESET'], assumptions: () => ['card->size'] };
    expect(at('ioctl ', driver)).toMatchObject([{ word: 'CARD_RESET', kind: 'constant' }]);
    expect(at('assume ca', driver)).toMatchObject([{ word: 'card->size', kind: 'constant' }]);
    expect(at('read ', driver).map(({ word }) => word)).not.toContain('card->size');
    expect(at('ioctl ')).toEqual([]);
  });

  it('take the place of what is typed already, and say what they are', () => {
    expect(at('expect problem kernel-b').find(({ word }) => word === 'kernel-bug')?.range).toEqual({
      start: { line: 5, character: 15 },
      end: { line: 5, character: 23 },
    });
    expect(at('mun').find(({ word }) => word === 'munmap')).toMatchObject({ syntax: 'munmap ADDRESS [len N]', kind: 'word' });
    expect(at('expect vm').find(({ word }) => word === 'vmflags')?.syntax).toMatch(/^expect vmflags MAPPING/);
    expect(at('munmap ')).toMatchObject([{ word: 'a', kind: 'name', syntax: 'a mapping' }, { word: 'q' }]);
  });

  it.each(['read a # ', 'write a "', 'frobnicate a ', 'read nothing at all '])('are none after %j', (line) => {
    expect(words(line)).toEqual([]);
  });
});
