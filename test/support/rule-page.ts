/** Reads a page of `docs/rules/`: its headings, and the C blocks with the heading that they stand under. */

export interface Example {
  readonly heading: string;
  /** Of the fence: ```c kernel=6.12 */
  readonly kernel: string;
  readonly code: string;
}

export function headingsOf(page: string): readonly string[] {
  const outside = page.replace(/^```[\s\S]*?^```/gm, '');
  return [...outside.matchAll(/^#{1,2} (.+)$/gm)].map((match) => (match[1] ?? '').replace(/`/g, ''));
}

/** The C blocks under the headings for bad and good code. */
export function examplesOf(page: string): readonly Example[] {
  const examples: Example[] = [];
  let heading = '';
  for (const match of page.matchAll(/^## (.+)$|^```c(?: kernel=(\S+))?\n([\s\S]*?)^```/gm)) {
    if (match[1] !== undefined) heading = match[1];
    else if (heading === 'Bad code' || heading === 'Good code')
      examples.push({ heading, kernel: match[2] ?? '6.12', code: match[3] ?? '' });
  }
  return examples;
}
