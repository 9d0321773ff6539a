/**
 * The findings that were read and judged, `verdicts-VERSION.md`: what they are, and how the findings of today differ from them.
 * Knows neither where a tree lies nor how it is checked.
 */

/** Findings of one rule in one function. */
export interface Place {
  /** From the root of the tree. */
  readonly file: string;
  /** Empty: outside of all functions. */
  readonly function: string;
  readonly rule: string;
  readonly count: number;
}

const nameOf = ({ file, function: inside, rule }: Place): string => `${file} ${inside === '' ? '-' : inside} ${rule}`;

/** The judged places of a page: its rows of file, function, rule and verdict. `rule (2)` stands for two findings. */
export function judgedPlaces(page: string): readonly Place[] {
  const rows = page.matchAll(/^\| (?<file>\S+) \| (?:`(?<inside>\w+)`|-) \| (?<rule>[\w-]+)(?: \((?<count>\d+)\))? \| [^|]+ \|$/gm);
  return gathered(
    [...rows].map(({ groups: { file = '', inside = '', rule = '', count = '1' } = {} }) => ({
      file,
      function: inside,
      rule,
      count: Number(count),
    })),
  );
}

/** The functions that a page names as the most careful, each as `file function`: nothing is to be reported there. */
export function carefulHandlers(page: string): ReadonlySet<string> {
  const [, section = ''] = /^## The ten handlers[^\n]*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page) ?? [];
  const rows = section.matchAll(/^\| (?<file>\S+) \| `(?<inside>\w+)` \| [^|]+ \|$/gm);
  return new Set([...rows].map(({ groups: { file = '', inside = '' } = {} }) => `${file} ${inside}`));
}

/** The same places, each once. */
export function gathered(places: readonly Place[]): readonly Place[] {
  const byName = new Map<string, Place>();
  for (const place of places) {
    const name = nameOf(place);
    byName.set(name, { ...place, count: place.count + (byName.get(name)?.count ?? 0) });
  }
  return [...byName.values()];
}

/** What is found and not judged, and what was judged and is not found: a place with more or fewer findings than before counts too. */
export function differences(
  found: readonly Place[],
  judged: readonly Place[],
): { readonly added: readonly string[]; readonly lost: readonly string[] } {
  return { added: beyond(found, judged), lost: beyond(judged, found) };
}

function beyond(these: readonly Place[], those: readonly Place[]): readonly string[] {
  const counts = new Map(those.map((place) => [nameOf(place), place.count]));
  return these.filter((place) => place.count > (counts.get(nameOf(place)) ?? 0)).map(nameOf);
}
