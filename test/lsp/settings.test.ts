/** Settings from whatever a client sends: right values are taken, wrong ones named and replaced by the default. */
import { describe, expect, it } from 'vitest';
import { defaultSettings, readSettings } from '../../server/src/lsp/settings.ts';

describe('readSettings', () => {
  it.each([undefined, null, 'text', 7, {}])('takes %j for the defaults', (section) => {
    expect(readSettings(section)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it('takes what is right, nested as editors send it or with the dot in the name', () => {
    const section = {
      enable: false,
      run: 'onSave',
      kernelVersion: '2.6.15',
      typingPause: 300,
      rulePreset: 'all',
      codeLens: { enable: false },
      'hover.links.enable': false,
      workspace: { exclude: ['tools/'] },
    };
    expect(readSettings(section)).toEqual({
      settings: {
        ...defaultSettings,
        enable: false,
        run: 'onSave',
        kernelVersion: '2.6.15',
        typingPause: 300,
        rulePreset: 'all',
        codeLens: false,
        hoverLinks: false,
        exclude: ['tools/'],
      },
      problems: [],
    });
  });

  it('takes the severities of rules that there are, and names the others', () => {
    const { settings, problems } = readSettings({ rules: { 'missing-owner': 'hint', 'mmap-eagain': 'loud', 'mising-owner': 'off' } });
    expect([...settings.rules]).toEqual([['missing-owner', 'hint']]);
    expect(problems).toEqual([
      'driverMmap.rules.mmap-eagain is "loud"; it takes one of "off", "hint", "info", "warning", "error". The rest is used.',
      'driverMmap.rules.mising-owner: There is no rule of this name. Did you mean `missing-owner`? The rest is used.',
    ]);
  });

  it('names each wrong value, says what is allowed, and keeps the rest', () => {
    const { settings, problems } = readSettings({ enable: 'yes', kernelVersion: 'newest', typingPause: 20, run: 'never' });
    expect(settings).toEqual({ ...defaultSettings, typingPause: 20 });
    expect(problems).toEqual([
      'driverMmap.enable is "yes"; it takes true or false. The default (true) is used.',
      'driverMmap.run is "never"; it takes one of "onType", "onSave". The default ("onType") is used.',
      'driverMmap.kernelVersion is "newest"; it takes "auto" or a version such as "6.12". The default ("auto") is used.',
    ]);
  });
});
