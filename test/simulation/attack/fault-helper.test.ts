/** Helpers that fault handlers of other files call: they are entered as such a handler would do it, and their answers are looked at. */
import { describe, expect, it } from 'vitest';
import { fileHost } from '../../../server/src/host/files.ts';
import { attackDocument } from '../../../server/src/ide/attack.ts';
import { SourceDocument } from '../../../server/src/ide/document.ts';
import { testGrammar } from '../../support/grammar.ts';

const grammar = await testGrammar();
const version = { major: 6, minor: 12, patch: 0 };

/** A helper that maps a slot of a store where the program faults, and answers with the slot or an error. */
const helper = (mended: boolean) => `
#include "store.h"

#define STORE_READY 0x2
#define STORE_GONE 0x4

struct slot {
	unsigned long address;
	unsigned long pfn;
};

struct store {
	struct mutex lock;
	unsigned int flags;
	struct slot slot;
};

static struct slot *slot_fault(struct vm_area_struct *vma, unsigned long address, struct vm_fault *vmf)
{
	struct store *store = vma->vm_private_data;
	struct slot *slot = &store->slot;
	int ret;

	mutex_lock(&store->lock);
	if ((store->flags & STORE_GONE) || !(store->flags & STORE_READY)) {
		ret = -EFAULT;
		goto out;
	}
	ret = vmf_insert_pfn(vma, slot->address, slot->pfn);
	if (ret != VM_FAULT_NOPAGE) {
		ret = -EFAULT;
		goto out;
	}
	${mended ? 'ret = 0;' : ''}
out:
	mutex_unlock(&store->lock);
	return ret ? ERR_PTR(ret) : slot;
}

struct slot *store_fault(struct vm_area_struct *vma, unsigned long address, struct vm_fault *vmf)
{
	return slot_fault(vma, address, vmf);
}
`;

/** What is told of the helper, each with its confidence. */
function told(text: string): readonly (readonly [string, string])[] {
  const target = { version, config: new Map<string, string>(), longBits: 64 as const };
  const document = new SourceDocument({ grammar, host: fileHost(), target }, '/drivers/store.c', text);
  const result = attackDocument(document, { version, budget: 2000, handler: 'slot_fault' });
  if (result.kind === 'failed') throw new Error(result.message);
  expect(result.report.stoppedBecause).toBeUndefined();
  return result.report.attacks.map(({ confidence, message }) => [confidence, message]);
}

describe('a helper of fault handlers in other files', () => {
  it('is told of where it makes an error pointer of a code that says success, which its callers may know for that', () => {
    expect(told(helper(false))).toContainEqual(['possible', expect.stringContaining('ERR_PTR() is given VM_FAULT_NOPAGE')]);
    expect(told(helper(false)).filter(([confidence]) => confidence === 'likely')).toEqual([]);
  });

  it('is left alone where it answers with what it has mapped', () => {
    expect(told(helper(true)).filter(([confidence, message]) => confidence === 'likely' || message.includes('ERR_PTR()'))).toEqual([]);
  });
});
