/** Which macros take a type and which declare a variable: tables for lowering. */

/** Macros and builtins with a type among their arguments, and its place. */
export const typeArgumentPlaces: ReadonlyMap<string, number> = new Map([
  ['container_of', 1],
  ['container_of_const', 1],
  ['list_entry', 1],
  ['list_entry_rcu', 1],
  ['list_first_entry', 1],
  ['list_first_entry_or_null', 1],
  ['list_first_or_null_rcu', 1],
  ['list_last_entry', 1],
  ['hlist_entry', 1],
  ['hlist_entry_safe', 1],
  ['llist_entry', 1],
  ['rb_entry', 1],
  ['rb_entry_safe', 1],
  ['radix_tree_entry', 1],
  ['offsetof', 0],
  ['offsetofend', 0],
  ['sizeof_field', 0],
  ['FIELD_SIZEOF', 0],
  ['typeof_member', 0],
  ['struct_size_t', 0],
  ['min_t', 0],
  ['max_t', 0],
  ['clamp_t', 0],
  ['type_max', 0],
  ['type_min', 0],
  ['typecheck', 0],
  ['va_arg', 1],
  ['kmalloc_obj', 0],
  ['kzalloc_obj', 0],
  ['kmalloc_objs', 0],
  ['kzalloc_objs', 0],
  ['kvmalloc_obj', 0],
  ['kvzalloc_obj', 0],
  ['alloc_percpu', 0],
  ['alloc_percpu_gfp', 0],
  ['devm_alloc_percpu', 1],
  ['DIV_ROUND_UP_TYPE', 0],
  ['drmm_kzalloc_obj', 1],
  ['devm_drm_dev_alloc', 2],
  ['drmm_universal_plane_alloc', 1],
  ['ib_alloc_device', 0],
  ['skb_ext', 0],
  ['__builtin_types_compatible_p', 0],
  ['__builtin_offsetof', 0],
  ['__builtin_va_arg', 1],
]);

/** Macros that declare a variable: which argument names it, and the type it gets. */
export interface DeclaringMacro {
  readonly nameAt: number;
  /** A struct tag, a typedef name, or `bitmap` for an array of `unsigned long` as long as the second argument's bits need. */
  readonly type: { readonly tag: string } | { readonly typedef: string } | 'bitmap';
}

const tagged = (tag: string): DeclaringMacro => ({ nameAt: 0, type: { tag } });
const named = (typedef: string): DeclaringMacro => ({ nameAt: 0, type: { typedef } });

export const declaringMacros: ReadonlyMap<string, DeclaringMacro> = new Map([
  ['LIST_HEAD', tagged('list_head')],
  ['HLIST_HEAD', tagged('hlist_head')],
  ['LLIST_HEAD', tagged('llist_head')],
  ['DEFINE_MUTEX', tagged('mutex')],
  ['DECLARE_MUTEX', tagged('semaphore')],
  ['DEFINE_SEMAPHORE', tagged('semaphore')],
  ['DECLARE_RWSEM', tagged('rw_semaphore')],
  ['DEFINE_SPINLOCK', named('spinlock_t')],
  ['DEFINE_RAW_SPINLOCK', named('raw_spinlock_t')],
  ['DEFINE_RWLOCK', named('rwlock_t')],
  ['DEFINE_IDA', tagged('ida')],
  ['DEFINE_IDR', tagged('idr')],
  ['DEFINE_XARRAY', tagged('xarray')],
  ['DEFINE_XARRAY_ALLOC', tagged('xarray')],
  ['DEFINE_XARRAY_ALLOC1', tagged('xarray')],
  ['DEFINE_WAIT', tagged('wait_queue_entry')],
  ['DEFINE_WAIT_FUNC', tagged('wait_queue_entry')],
  ['DECLARE_WAITQUEUE', tagged('wait_queue_entry')],
  ['DECLARE_WAIT_QUEUE_HEAD', named('wait_queue_head_t')],
  ['DECLARE_WAIT_QUEUE_HEAD_ONSTACK', named('wait_queue_head_t')],
  ['DECLARE_COMPLETION', tagged('completion')],
  ['DECLARE_COMPLETION_ONSTACK', tagged('completion')],
  ['DECLARE_WORK', tagged('work_struct')],
  ['DECLARE_DELAYED_WORK', tagged('delayed_work')],
  ['DECLARE_BITMAP', { nameAt: 0, type: 'bitmap' }],
  ['XA_STATE', tagged('xa_state')],
  ['MA_STATE', tagged('ma_state')],
  ['VMA_ITERATOR', tagged('vma_iterator')],
  ['DEFINE_RATELIMIT_STATE', tagged('ratelimit_state')],
]);
