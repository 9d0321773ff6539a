/** What of the VS Code client can be tested without an editor: how a scenario finds its driver, and the policy of the page. */
import { describe, expect, it } from 'vitest';
import { newNonce, pageHtml } from '../../client/src/page.ts';
import { driverBeside, driverOf } from '../../client/src/scenario-file.ts';

describe('driverOf', () => {
  it('takes the driver that the scenario names, from its own folder', () => {
    expect(driverOf('file:///a/b/ring.mmapsim', 'kernel 6.1\n  driver "../my driver.c":my_mmap # it\n')).toEqual({
      uri: 'file:///a/my%20driver.c',
      handler: 'my_mmap',
    });
    expect(driverOf('file:///a/ring.mmapsim', 'driver other.c\nopen rw\n')).toEqual({ uri: 'file:///a/other.c' });
    expect(driverOf('file:///a/ring.mmapsim', '# driver other.c\nopen rw\n')).toEqual({ uri: 'file:///a/ring.c' });
  });
});

describe('driverBeside', () => {
  it('is the C file of the same name', () => {
    expect(driverBeside('file:///a/ring.mmapsim')).toBe('file:///a/ring.c');
    expect(driverBeside('file:///a.b/ring.fork.mmapsim')).toBe('file:///a.b/ring.c');
  });
});

describe('pageHtml', () => {
  const page = pageHtml({ nonce: 'abc', source: 'https://editor', script: 'https://editor/view.js', style: 'https://editor/view.css' });

  it('allows its own script and style sheet, and nothing else', () => {
    expect(page).toContain(`content="default-src 'none'; style-src https://editor; script-src 'nonce-abc';"`);
    expect(page).not.toContain('unsafe');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('<script nonce="abc" src="https://editor/view.js"></script>');
  });

  it('gets a nonce of its own each time', () => {
    expect(newNonce()).toMatch(/^[0-9a-f]{32}$/);
    expect(newNonce()).not.toBe(newNonce());
  });
});
