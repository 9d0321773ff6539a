/** Pages about names of Linux: every fact has one, and it says what a hover leaves out. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesAbout } from '../../server/src/host/rule-pages.ts';
import { factPage } from '../../server/src/ide/fact-page.ts';
import { kernelDocs } from '../../server/src/kernel/kernel-docs.ts';
import { allFacts, callFact, slotFact } from '../../server/src/kernel/lookup.ts';
import { parseVersion } from '../../server/src/kernel/version.ts';

const version = parseVersion('6.12') ?? { major: 6, minor: 12, patch: 0 };
const rulePages = path.join(import.meta.dirname, '../../docs/rules');

describe('factPage', () => {
  it.each(allFacts().map((fact) => fact.name))('%s has a page', (name) => {
    const page = factPage(name, version, []) ?? '';
    expect(page).toContain(`# \`${name}\``);
    expect(page).not.toMatch(/undefined|\[object|\n\n\n/);
  });

  it('tells every version, and which rules are about the name', () => {
    const page = factPage('remap_pfn_range', version, ['remap-cow-partial', 'no-such-rule']) ?? '';
    expect(page).toContain('- from 2.6.15 to before 3.7: sets VM_IO | VM_RESERVED | VM_PFNMAP\n- **since 3.7: sets VM_IO | VM_PFNMAP');
    expect(page).toContain('## Rules about it\n\n- `remap-cow-partial`: ');
    expect(page).not.toContain('no-such-rule');
    expect(page.split('\n').length).toBeGreaterThan(40);
  });

  it('says what is gone, and lists the slots of all tables', () => {
    expect(factPage('vm_insert_pfn', version, [])).toMatch(/\*\*In 6\.12: gone; use vmf_insert_pfn/);
    const page = factPage('fault', version, []) ?? '';
    expect(page).toContain('# `vm_operations_struct.fault`');
    expect(page).toContain('# `vm_special_mapping.fault`');
    expect(factPage('no_such_call', version, [])).toBeUndefined();
  });
});

describe('kernelDocs', () => {
  it('leads to the anchor of a call, and to the section about a table', () => {
    const call = callFact('remap_pfn_range');
    expect(call && kernelDocs(call)).toMatch(/\/core-api\/mm-api\.html#c\.remap_pfn_range$/);
    const slot = slotFact('file_operations', 'mmap');
    expect(slot && kernelDocs(slot)).toMatch(/\/filesystems\/vfs\.html#struct-file-operations$/);
    const none = callFact('dma_alloc_coherent');
    expect(none && kernelDocs(none)).toBeUndefined();
  });
});

describe('rulesAbout', () => {
  it('are those whose pages name it where they tell what they do', () => {
    expect(rulesAbout('remap_pfn_range', rulePages)).toContain('remap-cow-partial');
    expect(rulesAbout('remap_pfn_range', rulePages)).not.toContain('missing-owner');
    expect(rulesAbout('no_such_call', rulePages)).toEqual([]);
    expect(rulesAbout('remap_pfn_range', '/no/such/folder')).toEqual([]);
  });
});
