/** What the commands print with: results on stdout, everything else on stderr, colours and progress on a terminal only. */
import { isatty } from 'node:tty';

export interface Output {
  /** Results. */
  out(text: string): void;
  /** Everything else, one line. */
  note(text: string): void;
  /** Replaces the last progress line; nothing when stderr is no terminal. */
  progress(text: string): void;
  readonly colours: boolean;
  /** Columns of the terminal, 100 when there is none. */
  readonly width: number;
}

export function terminal(): Output {
  const live = isatty(2);
  let shown = 0;
  const clear = () => {
    if (shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  return {
    out(text) {
      clear();
      process.stdout.write(text);
    },
    note(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!live) return;
      clear();
      const line = text.slice(0, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(line);
      shown = line.length;
    },
    colours: isatty(1) && !process.env.NO_COLOR,
    width: Math.min(process.stdout.columns ?? 100, 120),
  };
}

/** Select-graphic-rendition codes by meaning. */
const styles = { error: '31;1', warning: '33;1', info: '36;1', hint: '36', bold: '1', dim: '2' } as const;

export function paint(output: Pick<Output, 'colours'>, style: keyof typeof styles, text: string): string {
  return output.colours ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
}
