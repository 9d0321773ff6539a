/** `pgprot_t` as C code computes with it: cache types by the model's page protections of x86-64. */
import { pgprot_modify, pgprot_noncached, pgprot_writecombine, pgprot_writethrough, vm_get_page_prot } from '../../mm/pgprot.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { ulongValue } from './values.ts';

function protection(compute: (prot: bigint) => bigint): KernelCall {
  return (context) => {
    const prot = context.ulong(0);
    return prot === undefined ? undefined : ulongValue(compute(prot));
  };
}

const same = protection((prot) => prot);

export const protectionCalls: KernelCallTable = {
  pgprot_noncached: protection(pgprot_noncached),
  pgprot_writecombine: protection(pgprot_writecombine),
  pgprot_writethrough: protection(pgprot_writethrough),
  /** On x86 device memory is mapped uncached, and coherent memory stays cached. */
  pgprot_device: protection(pgprot_noncached),
  pgprot_dmacoherent: same,
  pgprot_decrypted: same,
  pgprot_encrypted: same,
  pgprot_cached: same,
  // What ARM calls its cache types; x86 has none of them.
  pgprot_writethroughcache: protection(pgprot_writethrough),
  pgprot_writebackcache: same,
  pgprot_writebackwacache: same,
  pgprot_stronglyordered: protection(pgprot_noncached),
  pgprot_val: same,
  __pgprot: same,
  cachemode2protval: same,
  pgprot_modify: (context) => {
    const old = context.ulong(0);
    const fresh = context.ulong(1);
    return old === undefined || fresh === undefined ? undefined : ulongValue(pgprot_modify(old, fresh));
  },
  vm_get_page_prot: protection(vm_get_page_prot),
  phys_mem_access_prot: (context) => {
    const prot = context.ulong(3);
    return prot === undefined ? undefined : ulongValue(prot);
  },
};
