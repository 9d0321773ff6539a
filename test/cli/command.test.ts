/** The table of commands: what is read, and the sentences about what cannot be. */
import { describe, expect, it } from 'vitest';
import { commands, helpText, parseCommand } from '../../server/src/cli/command.ts';

describe('parseCommand', () => {
  it('reads options and operands', () => {
    const given = parseCommand('check', ['--kernel', '6.12', 'a.c', '--select=x,y', '--fix', 'b.c']);
    expect(given.operands).toEqual(['a.c', 'b.c']);
    expect(given.text('kernel')).toBe('6.12');
    expect(given.list('select')).toEqual(['x', 'y']);
    expect(given.has('fix')).toBe(true);
    expect(given.has('possible')).toBe(false);
    expect(given.text('format')).toBeUndefined();
  });

  it.each([
    ['chek', [], 'Unknown command chek; there are check, handlers, simulate, test, explain, config, rules, lsp. Did you mean `check`?'],
    ['simulate', ['a.c', '--possible'], '--possible goes with --attack alone; add it, or leave out --possible.'],
    ['rules', ['x'], 'rules takes options alone, not x.'],
    ['check', ['--colour'], "Unknown option '--colour'. See driver-mmap check --help."],
    ['check', ['--format', 'xml'], '--format takes text, json, sarif, github, not xml.'],
    ['check', ['--kernel', 'six'], '--kernel takes auto or a version such as 6.12 or 2.6.15, not six.'],
    ['simulate', ['a.c', '--kernel', '6.1,'], '--kernel takes auto or a version such as 6.12 or 2.6.15, not an empty word.'],
    ['check', ['--kernel', '6.1,6.12'], 'check takes one version; run it once for each of 6.1, 6.12.'],
    ['explain', ['--kernel', '6.1,6.12', 'VM_IO'], 'explain takes one version; run it once for each of 6.1, 6.12.'],
    ['check', ['--select='], '--select takes RULE,…, not an empty word.'],
    ['check', ['--baseline', ''], '--baseline takes FILE, not an empty word.'],
  ])('says in one line what is wrong with %s %j', (name, words, message) => {
    expect(() => parseCommand(name, words)).toThrow(message);
  });

  it('takes each part of a list once', () => {
    expect(parseCommand('simulate', ['a.c', '--kernel', '6.1,6.12,6.1']).list('kernel')).toEqual(['6.1', '6.12']);
  });

  it('shows every command and every option in the help', () => {
    for (const command of commands) {
      expect(helpText()).toContain(`driver-mmap ${command.name}`);
      for (const option of command.options) expect(helpText(command)).toContain(`--${option.name}`);
    }
  });
});
