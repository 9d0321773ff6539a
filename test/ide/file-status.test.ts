/** What is known of an open file: its kernel and where that came from, its handlers, its last check, its settings. */
import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../server/src/ide/document.ts';
import { fileStatus, originOfKernel } from '../../server/src/ide/file-status.ts';
import { noProject, readProject } from '../../server/src/ide/project.ts';
import { defaultSettings } from '../../server/src/lsp/settings.ts';
import { openText } from '../support/check-text.ts';
import { hostOf } from '../support/driver.ts';

const text = `#include "card.h"
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}
static vm_fault_t card_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };
static const struct file_operations card_fops = { .mmap = card_mmap };
static const struct file_operations other_fops = { .mmap = card_mmap };
static const struct file_operations far_fops = { .mmap = far_mmap };
`;
const check = { findings: 2, time: 12.6, problems: [{ file: '/driver/driver.c', message: 'One statement is not understood.' }] };

async function withDocument<T>(use: (document: SourceDocument) => T): Promise<T> {
  const files = { '/driver/card.h': 'static inline int header_mmap(struct file *f, struct vm_area_struct *v) { return 0; }\n' };
  const document = await openText({ text, files });
  return use(document);
}

describe('fileStatus', () => {
  it('tells of the kernel, the handlers of the file itself, each once, and the last check', () =>
    withDocument((document) => {
      const status = fileStatus(document, check, { ...defaultSettings, kernelVersion: '6.12' }, noProject);
      expect(status).toMatchObject({
        kernel: '6.12',
        kernelFrom: 'the setting driverMmap.kernelVersion',
        findings: 2,
        checkedIn: 13,
        problems: ['One statement is not understood.'],
      });
      expect([...status.handlers].sort()).toEqual(['card_fault', 'card_mmap']);
    }));

  it('tells of a kernel that is newer than what is known, before what the check could not judge', () =>
    withDocument((document) => {
      const newer = document.readFor({ major: 9, minor: 9, patch: 0 });
      const { problems } = fileStatus(newer, check, defaultSettings, noProject);
      expect(problems).toEqual([expect.stringContaining('Linux 9.9 is newer than 7.1'), 'One statement is not understood.']);
    }));

  it('lists the settings, each with where its value came from', () =>
    withDocument((document) => {
      const project = readProject('/driver/.driver-mmap.json', '{ "rules": { "mmap-eagain": "off" }, "boundsChecks": ["card_ok"] }');
      const settings = { ...defaultSettings, rules: new Map([['missing-owner', 'hint']] as const), exclude: ['tools/', 'old/'] };
      const told = new Map(fileStatus(document, check, settings, project).settings.map((each) => [each.name, each]));
      expect(told.get('driverMmap.enable')).toMatchObject({ value: 'true', from: 'the editor\u2019s settings' });
      expect(told.get('driverMmap.rules')).toMatchObject({ value: 'missing-owner: hint', from: 'the editor\u2019s settings' });
      expect(told.get('driverMmap.workspace.exclude')?.value).toBe('tools/, old/');
      expect(told.get('rules')).toMatchObject({ value: 'mmap-eagain: off', from: '/driver/.driver-mmap.json' });
      expect(told.get('boundsChecks')?.value).toBe('card_ok');
      expect(told.get('config')?.value).toBe('none');
    }));
});

describe('originOfKernel', () => {
  const makefile = 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n';
  const tree = hostOf({ '/linux/Makefile': makefile, '/linux/Kbuild': '', '/linux/Kconfig': '' });
  const nothing = hostOf({});
  const project = readProject('/linux/.driver-mmap.json', '{ "kernel": "5.4" }');

  it('is the setting, then the file of the project, then the tree, then the newest version', () => {
    const path = '/linux/drivers/card.c';
    expect(originOfKernel(path, '6.12', project, tree)).toBe('the setting driverMmap.kernelVersion');
    expect(originOfKernel(path, 'auto', project, tree)).toBe('/linux/.driver-mmap.json');
    expect(originOfKernel(path, 'auto', noProject, tree)).toBe('/linux/Makefile');
    expect(originOfKernel(path, 'auto', noProject, nothing)).toBe('the newest version that is modelled');
  });
});
