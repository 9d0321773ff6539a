/** The words of C and of the kernel dialect that the mask tells apart. Tables only. */

function set(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

export const storageWords = set('static extern typedef inline __inline __inline__ register auto thread_local __thread _Noreturn');

export const qualifierWords = set('const volatile restrict __restrict __restrict__ __const __const__ __volatile__ __volatile _Atomic');

/** Words that make a type by themselves, and so end the search for a type name. */
export const primitiveWords = set(
  'void char short int long float double signed unsigned bool _Bool __signed__ __signed size_t ssize_t ptrdiff_t intptr_t uintptr_t ' +
    'int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t __int128',
);

export const tagWords = set('struct union enum');

export const typeofWords = set('typeof __typeof__ __typeof typeof_unqual __typeof_unqual__ typeof_member __auto_type_of');

export const asmWords = set('asm __asm__ __asm asm_inline asm_volatile_goto asm_goto_output');

/** Statements' own words: none of them starts an expression, a declaration or a macro. */
export const statementWords = set('if else while do for switch case default goto return break continue');

/** Called like functions, but known to the grammar by another shape; the mask spells them as plain names. */
export const operatorCalls = set('offsetof __alignof__ __alignof _alignof alignof _Alignof');

/** Macros of `compiler_types.h`, `init.h`, `linkage.h` and their like that add an attribute and no meaning. */
const attributeWords = set(`
  __attribute__ __attribute __free
  __user __iomem __kernel __percpu __rcu __force __nocast __safe __private __bitwise __bitwise__ __refdata __ref __refconst __init_refok
  __must_check __must_hold __acquires __releases __acquire __release __cond_acquires __cond_lock __context__ __nonstring __counted_by
  __counted_by_le __counted_by_be __counted_by_ptr __sized_by __guarded_by __pt_guarded_by
  __init __exit __initdata __exitdata __initconst __exitconst __initdata_memblock __init_memblock __initdata_or_module __init_or_module
  __initconst_or_module __devinit __devexit __devinitdata __devinitconst __devexitdata __devexitconst __cpuinit __cpuinitdata __cpuexit
  __cpuexitdata __cpuinitconst __meminit __meminitdata __memexit __memexitdata __memexitconst __meminitconst __net_init __net_exit
  __net_initdata __latent_entropy __randomize_layout __no_randomize_layout __designated_init
  __always_inline __noinline noinline noinline_for_stack noinline_for_tracing noinline_for_kasan __noclone __flatten __cold __hot __pure
  __attribute_const__ __maybe_unused __always_unused __unused __used __packed __aligned __aligned_largest __weak __malloc
  __section __visible __deprecated __alias __printf __scanf __noreturn __alloc_size __realloc_size __assume_aligned
  __no_sanitize_address __no_sanitize_undefined __no_sanitize_thread __no_kcsan __no_kasan_or_inline __no_sanitize_memory
  __no_sanitize_or_inline __no_kmsan_checks __no_profile __no_stack_protector __nostackprotector __nocfi __nocfi_generic __noscs __noendbr
  __no_sanitize_coverage __no_kstack_erase __disable_sanitizer_instrumentation __signed_wrap
  __read_mostly __ro_after_init __cacheline_aligned ____cacheline_aligned __cacheline_aligned_in_smp ____cacheline_aligned_in_smp
  ____cacheline_internodealigned_in_smp __page_aligned_data __page_aligned_bss __cpuidle __kprobes __sched __lockfunc __softirq_entry
  __irq_entry __exception_irq_entry __irqentry_text __entry_text __noendbr __private __returns_nonnull __nonnull
  __diagnose_as __pass_object_size __pass_dynamic_object_size __overloadable __bpf_kfunc __bpf_kfunc_start_defs __naked
  __no_fgcse __optimize __extension__ __no_context_analysis
  notrace asmlinkage fastcall FASTCALL regparm nokprobe_inline
  ____initdata __cleanup __uninitialized
  __fortify_function __FORTIFY_INLINE
`);

/** `__cpu_init`, `__foo_initdata`, `__net_exit`: section attributes are coined per subsystem, and so are functions. */
const sectionPattern = /^__[a-z]*_?(init|exit)(data|const|call|dataconst)?(_or_module|_refok|_memblock)?$/;

/** Whether a word only adds an attribute, so that the code means the same without it (and without its arguments). */
export function isAttributeWord(word: string): boolean {
  return attributeWords.has(word);
}

/** Whether a word may be an attribute by its form; its place has to tell. */
export function looksLikeSection(word: string): boolean {
  return word.charCodeAt(0) === 0x5f && sectionPattern.test(word);
}

/** Attribute words that never take arguments although a parenthesis may follow them: `void __init (*probe)(void)`. */
export function isWordyAttribute(word: string): boolean {
  return /^(__init|__exit|__user|__iomem|__rcu|__percpu|__force|__kernel|__always_inline|notrace|noinline|asmlinkage|__must_check|__maybe_unused|__packed|__weak|__ref|__private|__extension__|__devinit|__devexit)$/.test(
    word,
  );
}

/** Names of macros that run the statement behind them, as loops or under a lock. */
const iteratorPattern = /for_?_?each|foreach|FOR_?EACH|^scoped_(cond_)?guard$|_scoped$/;

export function isIteratorName(word: string): boolean {
  return iteratorPattern.test(word);
}

/** Members and variables made by a macro: which argument names them, where it is not the first. */
export const memberMacroNames: ReadonlyMap<string, number> = new Map([
  ['DECLARE_FLEX_ARRAY', 1],
  ['__DECLARE_FLEX_ARRAY', 1],
  ['DEFINE_PER_CPU', 1],
  ['DECLARE_PER_CPU', 1],
  ['DEFINE_PER_CPU_ALIGNED', 1],
  ['DEFINE_PER_CPU_SHARED_ALIGNED', 1],
  ['DEFINE_PER_CPU_READ_MOSTLY', 1],
  ['CONST_CAST', 1],
]);
