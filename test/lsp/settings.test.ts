/** Settings from whatever a client sends: right values are taken, wrong ones named and replaced by the default. */
import { describe, expect, it } from 'vitest';
import { defaultSettings, readSettings } from '../../server/src/lsp/settings.ts';

describe('readSettings', () => {
  it.each([undefined, null, 'text', 7, {}])('takes %j for the defaults', (section) => {
    expect(readSettings(section)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it('takes what is right', () => {
    const section = { enable: false, kernelVersion: '2.6.15', typingPause: 300 };
    expect(readSettings(section)).toEqual({ settings: section, problems: [] });
  });

  it('names each wrong value, says what is allowed, and keeps the rest', () => {
    const { settings, problems } = readSettings({ enable: 'yes', kernelVersion: 'newest', typingPause: 20 });
    expect(settings).toEqual({ ...defaultSettings, typingPause: 20 });
    expect(problems).toEqual([
      'driverMmap.enable is "yes"; it takes true or false. The default (true) is used.',
      'driverMmap.kernelVersion is "newest"; it takes "auto" or a version such as "6.12". The default (auto) is used.',
    ]);
  });
});
