/** The kernel that a file is read for, and whether a text is worth reading. */
import { describe, expect, it } from 'vitest';
import { joinPath } from '../../server/src/driver/paths.ts';
import { mayHaveHandlers, mentionsSlot } from '../../server/src/driver/relevance.ts';
import { parseConfig, targetFor, treeVersion } from '../../server/src/driver/target.ts';
import { newestKernel } from '../../server/src/kernel/version.ts';
import { hostOf } from '../support/driver.ts';

const makefile = '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 44\nEXTRAVERSION =\nNAME = Toy\n';

describe('the target of a file', () => {
  it('is what the user set', () => {
    expect(targetFor('/tree/drivers/toy.c', '5.10', hostOf({ '/tree/Makefile': makefile })).version).toEqual({
      major: 5,
      minor: 10,
      patch: 0,
    });
  });

  it('is the kernel tree above the file, past the Makefiles of folders', () => {
    const files = {
      '/tree/Makefile': makefile,
      '/tree/drivers/Makefile': 'obj-y += toy.o\n',
      '/tree/.config': 'CONFIG_MMU=y\n# CONFIG_TOY is not set\n',
    };
    const target = targetFor('/tree/drivers/misc/toy.c', 'auto', hostOf(files));
    expect(target.version).toEqual({ major: 6, minor: 1, patch: 44 });
    expect(target.config.get('CONFIG_TOY')).toBe('n');
    expect(target.longBits).toBe(64);
  });

  it('is the newest kernel elsewhere, and for a setting that is no version', () => {
    expect(targetFor('/home/toy/toy.c', 'auto', hostOf({})).version).toEqual(newestKernel);
    expect(targetFor('toy.c', 'nonsense', hostOf({ '/Makefile': 'VERSION = 2\nall: toy.o\n' })).version).toEqual(newestKernel);
  });

  it('reads the oldest trees and no other Makefile', () => {
    expect(treeVersion('VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 20\n')).toEqual({ major: 2, minor: 4, patch: 20 });
    expect(treeVersion('VERSION := 1.2\n')).toBeUndefined();
    expect(treeVersion(undefined)).toBeUndefined();
  });

  it('reads values, modules and strings of a .config', () => {
    const config = parseConfig('CONFIG_A=m\r\nCONFIG_B="text"\nCONFIG_C=0x10\n# CONFIG_D is not set\n# words\n');
    expect([...config]).toEqual([
      ['CONFIG_A', 'm'],
      ['CONFIG_B', 'text'],
      ['CONFIG_C', '0x10'],
      ['CONFIG_D', 'n'],
    ]);
  });
});

describe('relevance', () => {
  it.each([
    'static const struct file_operations f = { .mmap = g };',
    'DEFINE_DRM_GEM_FOPS(f);',
    'FB_DEFAULT_IOMEM_OPS,',
    'vm_fault_t f(struct vm_fault *vmf);',
    'static const struct vm_operations_struct ops;',
    'static const struct snd_pcm_ops ops = { .page = f };',
  ])('keeps %s', (text) => expect(mayHaveHandlers(text)).toBe(true));

  it('dismisses a text without any word of mappings', () => {
    expect(mayHaveHandlers('int main(void) { return 0; }')).toBe(false);
  });

  it('sees the setting of a slot, and the common names only beside a table', () => {
    expect(mentionsSlot('ops->mmap = f;')).toBe(true);
    expect(mentionsSlot('mmap: f,')).toBe(true);
    expect(mentionsSlot('ops->mmap == f')).toBe(false);
    expect(mentionsSlot('x->open = f;')).toBe(false);
    expect(mentionsSlot('toy->vm_ops.open = f;')).toBe(true);
  });
});

describe('paths', () => {
  it.each([
    ['/a/b', 'c.h', '/a/b/c.h'],
    ['/a/b', '../c.h', '/a/c.h'],
    ['/a/b', './c/./d.h', '/a/b/c/d.h'],
    ['/a', '/b/c.h', '/b/c.h'],
    ['', 'c.h', 'c.h'],
    ['', '../../c.h', '../../c.h'],
  ])('%s with %s', (folder, name, joined) => expect(joinPath(folder, name)).toBe(joined));
});
